import { HomeserverError } from '@weft/matrix';
import {
  TICKET_EVENT,
  TICKET_REFUSED_EVENT,
  TicketRefused,
  ticketContent,
  ticketRefusedContent,
} from '@weft/protocol';
import { describe, expect, it } from 'vitest';
import { MAX_TICKET_ATTEMPTS, TICKET_RETRY_MS } from '../src/rtc/ticket-desk.ts';
import { type FakeRelay, fakeRelay, question, signallingOf, tell } from './rtc-world.ts';
import { type TwinWorld, twinWorld } from './twin-world.ts';

const NEVER = new AbortController().signal;

async function asking() {
  const world = await twinWorld();
  const relay = await fakeRelay(world, 'relay');
  const client = await world.open('visitor');
  const signalling = signallingOf(world, client);
  const ask = (signal = NEVER, asked = question()) => ({
    asked,
    ticket: signalling.requestTicket(relay.transport, asked, signal),
  });
  return { world, relay, client, ask };
}

/** What became of it by then. */
async function outcome(world: TwinWorld, promise: Promise<unknown>, ms: number): Promise<unknown> {
  const ended = promise.catch((error: unknown) => error);
  await world.timers.advance(ms);
  return Promise.race([ended, Promise.resolve('open')]);
}

describe('a request for a ticket', () => {
  it('[RT2] goes to the relay’s user with all that a ticket is bound to, and brings its answer', async () => {
    const { world, relay, client, ask } = await asking();
    const { asked, ticket } = ask();
    expect(await outcome(world, ticket, 100)).toMatchObject({
      ticket: `ticket of ${asked.memberId}`,
      expiresMs: 60_000,
      url: relay.transport.url,
    });
    const device = client.homeserver.deviceId;
    expect(relay.asked).toEqual([
      { user: client.homeserver.userId, request: { ...asked, room: world.room, device, purpose: 'lane' } },
    ]);
    await world.timers.advance(60_000);
    expect(relay.asked).toHaveLength(1);
  });

  it('[RT2] is made again every 2 s while no answer comes, and given up after 10 s', async () => {
    const { world, relay, ask } = await asking();
    relay.answer = () => undefined;
    const { ticket } = ask();
    expect(await outcome(world, ticket, TICKET_RETRY_MS * MAX_TICKET_ATTEMPTS - 1)).toBe('open');
    expect(relay.asked).toHaveLength(MAX_TICKET_ATTEMPTS);
    expect(new Set(relay.asked.map(({ request }) => request.nonce)).size).toBe(1);
    const failure = await outcome(world, ticket, 1);
    expect(failure).toMatchObject({ code: 'unreachable', by: 'operator' });
    await world.timers.advance(60_000);
    expect(relay.asked).toHaveLength(MAX_TICKET_ATTEMPTS);
  });

  it('[RT2] survives a lost question and a lost answer', async () => {
    const { world, relay, client, ask } = await asking();
    client.homeserver.faults.add({ kind: 'lost' });
    const give = relay.answer;
    relay.answer = (...request) => {
      if (relay.asked.length > 1) give(...request);
    };
    const { ticket } = ask();
    expect(await outcome(world, ticket, 2 * TICKET_RETRY_MS + 100)).toHaveProperty('ticket');
    expect(relay.asked).toHaveLength(2);
  });

  it('[RT2] takes no answer of another user, to another question, or that is malformed', async () => {
    const { world, relay, client, ask } = await asking();
    const { userId: user, deviceId: device } = client.homeserver;
    const to = { user, device: device ?? '' };
    relay.answer = () => undefined;
    const { asked, ticket } = ask();
    const forged = { nonce: asked.nonce, ticket: 'forged', expiresMs: 1000, url: 'wss://evil.test' };
    tell(world.owner.homeserver, TICKET_EVENT, to, ticketContent(forged));
    const refusal = ticketRefusedContent({ nonce: asked.nonce, code: 'forbidden', reason: 'forged' });
    tell(world.owner.homeserver, TICKET_REFUSED_EVENT, to, refusal);
    tell(relay.homeserver, TICKET_EVENT, to, ticketContent({ ...forged, nonce: question().nonce }));
    tell(relay.homeserver, TICKET_EVENT, to, { ...ticketContent(forged), url: 'http://evil.test' });
    expect(await outcome(world, ticket, 1000)).toBe('open');
  });

  it('[RT2] ends with the relay’s refusal and its reason', async () => {
    const { world, relay, ask } = await asking();
    refuse(relay);
    const refused = await outcome(world, ask().ticket, 100);
    expect(refused).toBeInstanceOf(TicketRefused);
    expect(refused).toMatchObject({ code: 'busy', message: 'Come back later.' });
    await world.timers.advance(60_000);
    expect(relay.asked).toHaveLength(1);
  });

  it('[RT2] ends when it is cancelled, and where the homeserver refuses for good', async () => {
    const { world, relay, client, ask } = await asking();
    relay.answer = () => undefined;
    const abort = new AbortController();
    const { ticket } = ask(abort.signal);
    await world.timers.advance(100);
    abort.abort(new Error('enough'));
    expect(await outcome(world, ticket, 0)).toMatchObject({ message: 'enough' });
    expect(await outcome(world, ask(abort.signal).ticket, 0)).toMatchObject({ message: 'enough' });
    await world.timers.advance(60_000);
    expect(relay.asked).toHaveLength(1);
    client.homeserver.faults.add({ kind: 'answer', status: 401, errcode: 'M_UNKNOWN_TOKEN' });
    const failure = await outcome(world, ask().ticket, 100);
    expect(failure).toBeInstanceOf(HomeserverError);
    expect(failure).toMatchObject({ code: 'unknown-token' });
  });
});

function refuse(relay: FakeRelay): void {
  relay.answer = ({ sender: user }, { nonce, device }) => {
    const content = ticketRefusedContent({ nonce, code: 'busy', reason: 'Come back later.' });
    tell(relay.homeserver, TICKET_REFUSED_EVENT, { user, device }, content);
  };
}
