import { expect, test } from 'vitest';
import { FloodGate, MAX_PEER_BURST, PEER_MESSAGES_PER_SECOND } from './flood-gate.ts';

test('[PL5] of one device 60 messages are taken at once and five a second for long, and not one more', () => {
  const gate = new FloodGate(0);
  const taken = (atMs: number, count: number) =>
    Array.from({ length: count }, () => gate.takes(atMs)).filter(Boolean).length;
  expect(taken(0, MAX_PEER_BURST)).toBe(MAX_PEER_BURST);
  expect(taken(0, 1)).toBe(0);
  expect(taken(1_000, 10)).toBe(PEER_MESSAGES_PER_SECOND);
  expect(taken(500, 1)).toBe(0);
  expect(taken(3_600_000, 100)).toBe(MAX_PEER_BURST);
});
