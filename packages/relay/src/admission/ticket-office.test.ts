import { generateKeyPairSync, sign } from 'node:crypto';
import { parseUserId, toBase64Url, type UserId } from '@weft/core';
import { CLOSE_CODES, type Hello, helloBytes } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import { verifyEd25519 } from '../server/ed25519.ts';
import { Holdings } from './holdings.ts';
import { ServiceSessions } from './service-sessions.ts';
import { TicketOffice, type TicketOfficeOptions, type TicketRequest } from './ticket-office.ts';

const ALICE = parseUserId('@alice:example.org');
const BOB = parseUserId('@bob:example.org');
const ROOM = '!plaza:example.org';
const URL = 'wss://relay.example.org';
const LIMITS = { ticketMs: 60_000, tickets: 100, ticketsPerUser: 3 };

function keyPair() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    key: toBase64Url(raw),
    sign: (bytes: Uint8Array) => new Uint8Array(sign(null, bytes, privateKey)),
  };
}

function setUp(options: Partial<TicketOfficeOptions> = {}) {
  const clock = { ms: Date.UTC(2026, 0, 1) };
  const members = new Set<string>([`${ROOM} ${ALICE}`, `${ROOM} ${BOB}`]);
  const random = new SeededRandom(1);
  const office = new TicketOffice({
    url: URL,
    now: () => clock.ms,
    random: (length) => random.bytes(length),
    verify: verifyEd25519,
    mayEnter: (room, user) => members.has(`${room} ${user}`),
    limits: LIMITS,
    ...options,
  });
  const keys = keyPair();
  const request = (changes: Partial<TicketRequest> = {}): TicketRequest => ({
    user: ALICE,
    device: 'ALICEPHONE',
    room: ROOM,
    memberId: 'member',
    nonce: 'nonce',
    key: keys.key,
    purpose: 'lane',
    ...changes,
  });
  const ticketFor = (changes: Partial<TicketRequest> = {}): string => {
    const answer = office.issue(request(changes));
    if (!answer.ok) throw new Error(answer.code);
    return answer.ticket;
  };
  const hello = (ticket: string, changes: Partial<Hello> = {}, url = URL, signer = keys): Hello => {
    const [room, nonce] = [changes.room ?? ROOM, changes.nonce ?? 'nonce'];
    const signature = signer.sign(helloBytes({ ticket, nonce, url, room }));
    return { ...HELLO, room, nonce, ticket, signature, ...changes };
  };
  return { office, clock, members, keys, request, ticketFor, hello };
}

const HELLO: Omit<Hello, 'room' | 'nonce' | 'ticket' | 'signature'> = {
  type: 'hello',
  version: 1,
  actor: 'actor-of-alice' as Hello['actor'],
  former: [],
  position: null,
  setHash: null,
  mode: 'play',
};

describe('TicketOffice', () => {
  test('[RE3] lets in whom it gave a ticket, as whom the homeserver vouched for', () => {
    const { office, ticketFor, hello } = setUp();
    const said = hello(ticketFor());
    expect(office.redeem(said)).toEqual({
      ok: true,
      admitted: { user: ALICE, device: 'ALICEPHONE', memberId: 'member', hello: said },
    });
  });

  test('[RE3] takes a ticket once', () => {
    const { office, ticketFor, hello } = setUp();
    const said = hello(ticketFor());
    expect(office.redeem(said).ok).toBe(true);
    expect(office.redeem(said)).toMatchObject({ ok: false, closeCode: CLOSE_CODES.unauthenticated });
  });

  test('[RE3] takes a ticket in its last millisecond, and none later', () => {
    const { office, clock, ticketFor, hello } = setUp();
    const [first, second] = [ticketFor(), ticketFor()];
    clock.ms += LIMITS.ticketMs - 1;
    expect(office.redeem(hello(first)).ok).toBe(true);
    clock.ms += 1;
    expect(office.redeem(hello(second)).ok).toBe(false);
  });

  test('[RE3] a ticket that was shown in the wrong way is used up, and nobody is told what was wrong', () => {
    const { office, ticketFor, hello } = setUp();
    const other = keyPair();
    const wrong: readonly ((ticket: string) => Hello)[] = [
      (ticket) => hello(ticket, {}, URL, other),
      (ticket) => hello(ticket, {}, 'wss://other.example.org'),
      (ticket) => hello(ticket, { room: '!other:example.org' }),
      (ticket) => hello(ticket, { nonce: 'other' }),
      (ticket) => hello(ticket, { signature: new Uint8Array(64) }),
      (ticket) => hello(ticket, { signature: new Uint8Array(0) }),
    ];
    const answers = wrong.map((say) => {
      const ticket = ticketFor();
      const refused = office.redeem(say(ticket));
      expect(office.redeem(hello(ticket)).ok).toBe(false);
      return refused;
    });
    answers.push(office.redeem(hello('no such ticket')));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ ok: false, closeCode: CLOSE_CODES.unauthenticated });
  });

  test('[RE3] the key of one ticket does not open another', () => {
    const { office, ticketFor, hello, keys } = setUp();
    const bob = keyPair();
    const ofBob = ticketFor({ user: BOB, key: bob.key });
    expect(office.redeem(hello(ofBob, {}, URL, keys)).ok).toBe(false);
  });

  test('[RE3] a kick between ticket and hello counts, revoked or not', () => {
    const { office, members, ticketFor, hello } = setUp();
    const [first, second] = [ticketFor(), ticketFor()];
    members.delete(`${ROOM} ${ALICE}`);
    expect(office.redeem(hello(first))).toMatchObject({ ok: false, closeCode: CLOSE_CODES.forbidden });
    office.revoke(ALICE, ROOM);
    members.add(`${ROOM} ${ALICE}`);
    expect(office.redeem(hello(second))).toMatchObject({ ok: false, closeCode: CLOSE_CODES.unauthenticated });
  });

  test('[RE4] an unknown world and a forbidden one get the same answer by the same steps', () => {
    const asked: string[] = [];
    const { office, request } = setUp({
      mayEnter: (room) => {
        asked.push(room);
        return false;
      },
    });
    const unknown = office.issue(request({ room: '!nowhere:example.org' }));
    const forbidden = office.issue(request());
    expect(unknown).toEqual(forbidden);
    expect(unknown).toMatchObject({ ok: false, code: 'forbidden' });
    expect(asked).toEqual(['!nowhere:example.org', ROOM]);
    expect(office.outstanding).toBe(0);
  });

  test('[RE4] a malformed request is told so before it is told what it may, and the world is asked all the same', () => {
    const asked: string[] = [];
    const { office, request } = setUp({ mayEnter: (room) => asked.push(room) > 0 });
    const answers = [
      request({ key: null }),
      request({ key: 'short' }),
      request({ key: toBase64Url(new Uint8Array(33)) }),
      request({ purpose: 'service' }),
    ].map((each) => office.issue(each));
    expect(answers.every((answer) => !answer.ok && answer.code === 'malformed')).toBe(true);
    expect(asked.length).toBe(4);
  });

  test('[RE5] a user has as many tickets as the limit says, and the oldest goes for one more', () => {
    const { office, ticketFor, hello } = setUp();
    const tickets = [ticketFor(), ticketFor(), ticketFor(), ticketFor()];
    expect(office.outstanding).toBe(LIMITS.ticketsPerUser);
    expect(tickets.map((ticket) => office.redeem(hello(ticket)).ok)).toEqual([false, true, true, true]);
  });

  test('[RE5] where all tickets are out nobody gets another, nobody loses one, and time makes room', () => {
    const { office, clock, request, ticketFor, hello } = setUp({
      mayEnter: () => true,
      limits: { ...LIMITS, tickets: 5 },
    });
    const user = (at: number): UserId => parseUserId(`@user${at}:example.org`);
    const tickets = [0, 1, 2, 3, 4].map((at) => ticketFor({ user: user(at) }));
    expect(office.issue(request({ user: user(5) }))).toMatchObject({ ok: false, code: 'busy' });
    expect(office.redeem(hello(tickets[0] ?? '')).ok).toBe(true);
    ticketFor({ user: user(5) });
    clock.ms += LIMITS.ticketMs;
    ticketFor({ user: user(6) });
    expect(office.outstanding).toBe(1);
  });

  test('[RE3] the ticket of a service opens no lane, and that of a lane no session', () => {
    const { office, ticketFor, hello } = setUp();
    const ofService = ticketFor({ purpose: 'service', key: null });
    expect(office.redeem(hello(ofService)).ok).toBe(false);
    expect(office.takeService(ticketFor())).toBeNull();
    const again = ticketFor({ purpose: 'service', key: null });
    expect(office.takeService(again)).toEqual({ user: ALICE, device: 'ALICEPHONE', room: ROOM });
    expect(office.takeService(again)).toBeNull();
  });

  test('[RE3] a service that was kicked before it showed its ticket gets no session', () => {
    const { office, members, ticketFor } = setUp();
    const ticket = ticketFor({ purpose: 'service', key: null });
    members.clear();
    expect(office.takeService(ticket)).toBeNull();
  });
});

describe('ServiceSessions', () => {
  function sessions() {
    const clock = { ms: 0 };
    const random = new SeededRandom(2);
    const office = new ServiceSessions({
      now: () => clock.ms,
      random: (length) => random.bytes(length),
      limits: { sessionMs: 3_600_000, sessions: 4, sessionsPerUser: 2 },
    });
    const open = (user = ALICE, room = ROOM) => office.open({ user, device: 'D', room })?.token ?? '';
    return { clock, office, open };
  }

  test('[RE8] a session is good for its hour and for its world', () => {
    const { clock, office, open } = sessions();
    const token = open();
    clock.ms += 3_599_999;
    expect(office.find(token)).toMatchObject({ user: ALICE, room: ROOM });
    clock.ms += 1;
    expect(office.find(token)).toBeNull();
  });

  test('[RE8] a kick ends the sessions of that user in that world, and no other', () => {
    const { office, open } = sessions();
    const [here, elsewhere, bobs] = [open(), open(ALICE, '!other:example.org'), open(BOB)];
    office.revoke(ALICE, ROOM);
    expect([here, elsewhere, bobs].map((token) => office.find(token) !== null)).toEqual([false, true, true]);
  });

  test('[RE8] sessions are bounded by user and in all, and can be ended', () => {
    const { office, open } = sessions();
    const first = open();
    open();
    const third = open();
    expect([office.find(first), office.find(third) !== null]).toEqual([null, true]);
    open(BOB);
    open(BOB);
    const carol = parseUserId('@carol:example.org');
    expect(open(carol)).toBe('');
    office.end(third);
    expect(open(carol)).not.toBe('');
  });
});

describe('Holdings', () => {
  test('[RE5] keeps nothing of what was taken, revoked or has expired', () => {
    const clock = { ms: 0 };
    const holdings = new Holdings({ most: 10_000, mostPerUser: 10_000, now: () => clock.ms });
    for (let at = 0; at < 3000; at += 1)
      holdings.put(`${at}`, { user: ALICE, room: at % 2 === 0 ? ROOM : '!other:example.org', expiresMs: 10 });
    for (let at = 0; at < 1000; at += 1) expect(holdings.take(`${at}`)).not.toBeNull();
    expect(holdings.revoke(ALICE, ROOM)).toBe(1000);
    expect(holdings.size).toBe(1000);
    clock.ms = 10;
    holdings.put('last', { user: BOB, room: ROOM, expiresMs: 20 });
    expect(holdings.size).toBe(1);
  });
});
