import { parseUserId, toBase64Url } from '@weft/core';
import type { ReceivedToDevice, ToDeviceMessage } from '@weft/matrix';
import { TICKET_REQUEST_EVENT, ticketRequestContent } from '@weft/protocol';
import { FakeTimers } from '@weft/testing';
import { expect, it } from 'vitest';
import type { TicketRequest } from '../admission/ticket-office.ts';
import {
  MAX_REMEMBERED_ANSWERS,
  MAX_WAITING_REQUESTS,
  STANDING_WAIT_MS,
  TicketClerk,
} from './ticket-clerk.ts';

const USER = parseUserId('@a:a.org');
const KEY = toBase64Url(new Uint8Array(32).fill(7));

/** A clerk that lets everybody into `!open`, and nobody into any other world. */
function clerkOf() {
  const timers = new FakeTimers();
  const issued: TicketRequest[] = [];
  const sent: ToDeviceMessage[] = [];
  let hear: (message: ReceivedToDevice) => void = () => undefined;
  const clerk = new TicketClerk({
    timers,
    log: { info: () => undefined, warn: () => undefined },
    homeserver: {
      onToDevice(listener) {
        hear = listener;
        return () => undefined;
      },
      async sendToDevice(_type, messages) {
        sent.push(...messages);
      },
    },
    office: {
      issue(request) {
        issued.push(request);
        return request.room === '!open'
          ? { ok: true, ticket: `t${issued.length}`, expiresMs: 1000, url: 'wss://r.test' }
          : { ok: false, code: 'forbidden', reason: 'no' };
      },
    },
    mayEnter: (room) => room === '!open',
    onChange: () => () => undefined,
    isDraining: () => false,
  });
  const ask = (n: number, room = '!open') => {
    const nonce = String(n).padStart(22, 'A');
    const request = { room, memberId: 'm', nonce, device: `D${n}`, key: KEY, purpose: 'lane' } as const;
    hear({ type: TICKET_REQUEST_EVENT, sender: USER, content: ticketRequestContent(request) });
  };
  return { clerk, timers, issued, sent, ask };
}

it('remembers as many answers as the bound says, the newest', async () => {
  const { timers, issued, ask } = clerkOf();
  for (let n = 0; n < MAX_REMEMBERED_ANSWERS; n += 1) {
    ask(n);
    if (n % 100 === 0) await timers.advance(0);
  }
  ask(0);
  expect(issued).toHaveLength(MAX_REMEMBERED_ANSWERS);
  ask(MAX_REMEMBERED_ANSWERS);
  ask(1);
  expect(issued).toHaveLength(MAX_REMEMBERED_ANSWERS + 1);
  ask(0);
  expect(issued).toHaveLength(MAX_REMEMBERED_ANSWERS + 2);
});

it('forgets an answer after half a minute', async () => {
  const { timers, issued, ask } = clerkOf();
  ask(1);
  await timers.advance(29_999);
  ask(1);
  expect(issued).toHaveLength(1);
  await timers.advance(1);
  ask(1);
  expect(issued).toHaveLength(2);
});

it('lets as many wait as the bound says, and answers more at once', async () => {
  const { clerk, timers, issued, sent, ask } = clerkOf();
  for (let n = 0; n < MAX_WAITING_REQUESTS; n += 1) ask(n, '!closed');
  ask(0, '!closed');
  expect(issued).toEqual([]);
  ask(MAX_WAITING_REQUESTS, '!closed');
  await timers.advance(0);
  expect([issued.length, sent.length]).toEqual([1, 1]);
  await timers.advance(STANDING_WAIT_MS);
  expect(sent).toHaveLength(MAX_WAITING_REQUESTS + 1);
  ask(MAX_WAITING_REQUESTS + 1, '!closed');
  clerk.stop();
  expect(timers.pending).toBe(0);
});
