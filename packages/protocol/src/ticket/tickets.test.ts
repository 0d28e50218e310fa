import { toBase64Url } from '@weft/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { helloBytes } from './hello-bytes.ts';
import { MAX_TICKET_LIFE_MS, readTicket, ticketContent } from './ticket.ts';
import { readTicketRefused, ticketRefusedContent } from './ticket-refused.ts';
import { readTicketRequest, ticketRequestContent } from './ticket-request.ts';

const NONCE = toBase64Url(new Uint8Array(16).fill(7));
const KEY = toBase64Url(new Uint8Array(32).fill(9));
const REQUEST = {
  room: '!room:example.org',
  memberId: 'member',
  nonce: NONCE,
  device: 'DEVICE',
  key: KEY,
  purpose: 'lane',
} as const;
const TICKET = { nonce: NONCE, ticket: 'abc', expiresMs: 60_000, url: 'wss://relay.example.org' };

test('[PF6] messages about tickets read back as they were written', () => {
  expect(readTicketRequest(ticketRequestContent(REQUEST))).toEqual(REQUEST);
  const service = { ...REQUEST, key: null, purpose: 'service' } as const;
  expect(readTicketRequest(ticketRequestContent(service))).toEqual(service);
  expect(readTicket(ticketContent(TICKET))).toEqual(TICKET);
  const refused = { nonce: NONCE, code: 'busy', reason: 'Come back in a minute.' } as const;
  expect(readTicketRefused(ticketRefusedContent(refused))).toEqual(refused);
});

test('[PF6] a request that is malformed is none', () => {
  const content = ticketRequestContent(REQUEST);
  for (const wrong of [
    { room_id: 'room' },
    { member_id: '' },
    { member_id: 'x'.repeat(65) },
    { nonce: 'short' },
    { nonce: 'x'.repeat(87) },
    { device_id: '' },
    { key: KEY.slice(1) },
    { key: `${KEY.slice(0, 42)}_` },
    { purpose: 'other' },
  ])
    expect(readTicketRequest({ ...content, ...wrong })).toBeNull();
  const { key: _, ...keyless } = content;
  expect(readTicketRequest(keyless)).toBeNull();
});

test('[PF6] a ticket lives for five minutes at most', () => {
  const read = (expiresMs: number) => readTicket(ticketContent({ ...TICKET, expiresMs }));
  expect(read(MAX_TICKET_LIFE_MS)).not.toBeNull();
  expect(read(MAX_TICKET_LIFE_MS + 1)).toBeNull();
  expect(read(-1)).toBeNull();
  expect(read(0.5)).toBeNull();
});

test('[PF6] a refusal for a reason of a later version is a refusal', () => {
  expect(readTicketRefused({ nonce: NONCE, code: 'moon-phase' })).toEqual({
    nonce: NONCE,
    code: 'forbidden',
    reason: 'The relay gives no reason.',
  });
});

test('[PF6] whatever a message holds, reading it does not throw', () => {
  const names = [
    'room_id',
    'member_id',
    'nonce',
    'device_id',
    'key',
    'purpose',
    'ticket',
    'expires_ms',
    'url',
    'code',
  ];
  const content = fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom(...names), fc.anything()));
  fc.assert(
    fc.property(content, (hostile) => {
      readTicketRequest(hostile);
      readTicket(hostile);
      readTicketRefused(hostile);
    }),
  );
});

test('[PF6] what hello signs is one text for its four parts', () => {
  const parts = { ticket: 't', nonce: 'n', url: 'wss://relay.example.org', room: '!r:example.org' };
  expect(new TextDecoder().decode(helloBytes(parts))).toBe(
    '["world.weft.hello/1","t","n","wss://relay.example.org","!r:example.org"]',
  );
  const shifted = { ...parts, ticket: 't","n', nonce: '' };
  expect(helloBytes(shifted)).not.toEqual(helloBytes(parts));
});
