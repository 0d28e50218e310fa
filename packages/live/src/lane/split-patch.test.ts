import {
  type ActorId,
  entriesOf,
  join,
  type ObjectId,
  type Patch,
  type Path,
  parseUserId,
  patchOf,
  timeFromMs,
} from '@weft/core';
import { decodeWirePatch, MAX_PATCH_BYTES, MAX_PATCH_OBJECTS } from '@weft/protocol';
import { expect, test } from 'vitest';
import { splitPatch } from './split-patch.ts';

const stamp = { time: timeFromMs(1_767_225_600_000), actor: 'actor-01' as ActorId };
const claims = [[stamp.actor, [parseUserId('@alice:example.org')]]] as const;

function patch(objects: number, characters: number, registers = 1): Patch {
  return patchOf({
    actors: claims,
    registers: Array.from({ length: objects * registers }, (_, at) => ({
      id: `object-${Math.floor(at / registers)}` as ObjectId,
      path: `acme:part.p${at % registers}` as Path,
      register: { value: 'x'.repeat(characters), stamp },
    })),
  });
}

test('[LV6] an edit that fits a frame goes as one', () => {
  const edit = patch(100, 100);
  const { parts, tooLarge } = splitPatch(edit);
  expect(parts.map((part) => part.patch)).toEqual([edit]);
  expect(tooLarge).toEqual([]);
});

test.each([
  ['of too many bytes', patch(400, 4_000)],
  ['of one object too many', patch(MAX_PATCH_OBJECTS + 1, 1)],
  ['of too many registers', patch(4_500, 1, 8)],
])('[LV6] an edit %s goes in parts, each object whole in one of them', (_, edit) => {
  const { parts, tooLarge } = splitPatch(edit);
  expect(parts.length).toBeGreaterThan(1);
  expect(tooLarge).toEqual([]);
  const ids = parts.flatMap((part) => [...part.patch.objects.keys()]);
  expect(new Set(ids).size).toBe(ids.length);
  for (const part of parts) {
    expect(part.wire.length).toBeLessThanOrEqual(MAX_PATCH_BYTES);
    expect(decodeWirePatch(part.wire)).toEqual(part.patch);
    expect([...part.patch.actors.keys()]).toEqual([stamp.actor]);
  }
  expect(parts.map((part) => part.patch).reduce(join)).toEqual(edit);
});

test('[LV6] an object that fits no frame is named, and the others go', () => {
  const large = patch(1, 4_000, 70);
  const [id] = large.objects.keys();
  const small = patchOf({
    registers: [...entriesOf(patch(1, 10))].map((entry) => ({ ...entry, id: 'small' as ObjectId })),
  });
  const { parts, tooLarge } = splitPatch(join(large, small));
  expect(tooLarge).toEqual([id]);
  expect(parts.flatMap((part) => [...part.patch.objects.keys()])).toEqual(['small']);
});

test('[LV6] nothing is nothing', () => {
  expect(splitPatch(patchOf({}))).toEqual({ parts: [], tooLarge: [] });
});
