import { newActorId, parsePath } from '@weft/core';
import { expect, test } from 'vitest';
import { pack } from '../wire/pack.ts';
import { headEnd, MAX_KNOWN_HEAD_BYTES, PATCH_HEAD_PLACES, PatchHeads } from './patch-heads.ts';

const ACTOR = newActorId((length) => new Uint8Array(length).fill(1));
const USER = '@alice:example.org';
const PATHS = Array.from({ length: 12 }, (_, at) => `component.property${at}`);
const FROM = 1;

function wireOf(paths: readonly string[]): Uint8Array {
  return pack([paths, [ACTOR, [USER]], 1, ACTOR, ['a', [0, 1]]]).bytes;
}

function lengthOf(paths: readonly string[]): number {
  return pack(paths).bytes.length + pack([ACTOR, [USER]]).bytes.length;
}

/** Paths whose head has just so many bytes. */
function pathsOf(bytes: number): string[] {
  const paths = PATHS.slice(0, 10);
  return [...paths, 'c.'.padEnd(2 + bytes - lengthOf([...paths, 'c.']), 'p')];
}

test('[PF4] the end of a head is found up to its bound, and not past it', () => {
  const most = pathsOf(MAX_KNOWN_HEAD_BYTES);
  expect(lengthOf(most)).toBe(MAX_KNOWN_HEAD_BYTES);
  expect(headEnd(wireOf(most), FROM)).toBe(FROM + MAX_KNOWN_HEAD_BYTES);
  expect(headEnd(wireOf(pathsOf(MAX_KNOWN_HEAD_BYTES + 1)), FROM)).toBeNull();
  expect(headEnd(wireOf([]), FROM)).toBeNull();
  expect(headEnd(wireOf(PATHS).subarray(0, 20), FROM)).toBeNull();
});

test('[PF4] no more heads are remembered than there are places, and what is found is what was remembered', () => {
  const heads = new PatchHeads();
  const said = Array.from({ length: 4 * PATCH_HEAD_PLACES }, (_, at) => {
    const paths = [parsePath(`a.p${at}`)];
    return { wire: wireOf(paths), head: { paths, actors: new Map(), elements: at } };
  });
  const end = (wire: Uint8Array): number => headEnd(wire, FROM) ?? 0;
  for (const { wire, head } of said) {
    heads.remember(wire, FROM, end(wire), head);
    expect(heads.find(wire, FROM, end(wire))).toMatchObject(head);
  }
  const found = said.filter(({ wire, head }) => {
    const known = heads.find(wire, FROM, end(wire));
    if (known !== null) expect(known).toMatchObject(head);
    return known !== null;
  });
  expect(found.length).toBeGreaterThan(PATCH_HEAD_PLACES / 2);
  expect(found.length).toBeLessThanOrEqual(PATCH_HEAD_PLACES);
});
