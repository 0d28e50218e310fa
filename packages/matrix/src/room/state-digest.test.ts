import { parseUserId } from '@weft/core';
import { expect, it } from 'vitest';
import { parseEventId } from '../ids.ts';
import type { RoomEvent } from '../room-event.ts';
import { stateDigest } from './state-digest.ts';

const eventId = (letter: string) => parseEventId(`$${letter.repeat(43)}`);

const event = (change: Partial<RoomEvent>): RoomEvent => ({
  id: eventId('a'),
  type: 'world.weft.object',
  sender: parseUserId('@ann:a.org'),
  stateKey: 'table',
  content: {},
  atMs: 1,
  replaces: null,
  redactedAtMs: null,
  ageMs: null,
  ...change,
});

it('[F13] tells two states apart by their events and redactions, in whatever order they come', () => {
  const chair = event({ stateKey: 'chair', id: eventId('b') });
  const digest = stateDigest([event({}), chair]);
  expect(stateDigest([chair, event({ atMs: 2, ageMs: 5, replaces: eventId('0') })])).toBe(digest);
  expect(digest).toHaveLength(43);
  const others = [
    [event({})],
    [event({ id: eventId('c') }), chair],
    [event({ redactedAtMs: 5 }), chair],
    [event({ stateKey: 'table2' }), chair],
    [event({ type: 'world.weft.bundle' }), chair],
  ];
  for (const state of others) expect(stateDigest(state)).not.toBe(digest);
});

it('[F13] leaves out members, of whom not every client is told', () => {
  expect(stateDigest([event({}), event({ type: 'm.room.member', stateKey: '@ann:a.org' })])).toBe(
    stateDigest([event({})]),
  );
});
