import { join, newActorId, parseObjectId, parsePath, parseUserId, patchOf, timeFromMs } from '@weft/core';
import { decodeWirePatch, MAX_PATCH_ACTORS, MAX_PATCH_BYTES } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { patchParts } from './patch-parts.ts';

const { bytes } = new SeededRandom('parts');
const NAME = parsePath('node.name');
const ALICE = parseUserId('@alice:example.org');

test('[RL6] what no frame can carry goes in parts, with the claims of those who wrote them', () => {
  const actors = Array.from({ length: MAX_PATCH_ACTORS + 500 }, () => newActorId(bytes));
  const patch = patchOf({
    registers: actors.map((actor, at) => ({
      id: parseObjectId(`thing-${at}`),
      path: NAME,
      register: { value: 'x'.repeat(500), stamp: { time: timeFromMs(1_000), actor } },
    })),
    actors: actors.map((actor) => [actor, [ALICE]] as const),
  });
  const parts = patchParts(patch);
  expect(parts.length).toBeGreaterThan(2);
  for (const { wire, patch: part } of parts) {
    expect(wire.length).toBeLessThanOrEqual(MAX_PATCH_BYTES);
    expect(decodeWirePatch(wire)).toEqual(part);
    expect(part.actors.size).toBe(part.objects.size);
  }
  expect(parts.map(({ patch: part }) => part).reduce(join)).toEqual(patch);
  expect(patchParts(patchOf({}))).toEqual([]);
});
