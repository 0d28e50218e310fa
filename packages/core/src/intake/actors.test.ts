import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { newActorId, parseUserId, type UserId } from '../ids.ts';
import { Actors, MAX_KNOWN_ACTORS } from './actors.ts';

const ALICE = parseUserId('@alice:example.org');
const BOB = parseUserId('@bob:example.org');
const { bytes } = new SeededRandom('actors');

test('[RL3] an actor is its first user’s, and nobody’s who is not among those the room names', () => {
  const [own, claimed, disputed] = [newActorId(bytes), newActorId(bytes), newActorId(bytes)];
  const claims = new Map([
    [claimed, new Set([ALICE])],
    [disputed, new Set([ALICE, BOB])],
  ]);
  const actors = new Actors((actor) => claims.get(actor) ?? new Set<UserId>());
  expect([actors.userOf(own), actors.mayBe(own, BOB)]).toEqual([undefined, true]);
  actors.see(own, ALICE);
  expect([actors.userOf(own), actors.mayBe(own, ALICE), actors.mayBe(own, BOB)]).toEqual([
    ALICE,
    true,
    false,
  ]);
  expect([actors.userOf(claimed), actors.mayBe(claimed, BOB)]).toEqual([ALICE, false]);
  expect([actors.userOf(disputed), actors.mayBe(disputed, ALICE)]).toEqual([undefined, false]);
});

test('[RL3] of 16,384 actors it is remembered whose they are, and those not seen for longest are forgotten', () => {
  const actors = new Actors(() => new Set());
  const ids = Array.from({ length: MAX_KNOWN_ACTORS + 1 }, () => newActorId(bytes));
  const [first, second] = ids;
  if (first === undefined || second === undefined) throw new Error('no ids');
  for (const id of ids.slice(0, MAX_KNOWN_ACTORS)) actors.see(id, ALICE);
  actors.see(first, ALICE);
  expect(actors.userOf(second)).toBe(ALICE);
  for (const id of ids.slice(MAX_KNOWN_ACTORS)) actors.see(id, ALICE);
  expect([actors.userOf(first), actors.userOf(second)]).toEqual([ALICE, undefined]);
});
