import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { decodePatch } from '../binary/decode.ts';
import { encodePatch } from '../binary/encode.ts';
import { newActorId, newObjectId, type ObjectId, parsePath } from '../ids.ts';
import { JoinedRegisters } from '../register/joined-registers.ts';
import { patchOf } from '../register/patch.ts';
import type { Registers } from '../scene/facts.ts';
import { timeFromMs } from '../stamp/stamp.ts';
import { checkSize } from './check-size.ts';

const { bytes } = new SeededRandom('check-size');
const SMALL = newObjectId(bytes);
const LARGE = newObjectId(bytes);
const STAMP = { time: timeFromMs(1), actor: newActorId(bytes) };
const TEXT = parsePath('text.content');

/** Objects as a file brings them, one of which has by far the longest text. */
const file = decodePatch(
  encodePatch(
    patchOf({
      registers: [
        { id: SMALL, path: TEXT, register: { value: 'Hello', stamp: STAMP } },
        { id: LARGE, path: TEXT, register: { value: 'x'.repeat(4000), stamp: STAMP } },
      ],
    }),
  ),
).patch.objects;

function check(id: ObjectId, writes: Readonly<Record<string, string>>, over: Registers = new Map()): void {
  const under = file.get(id)?.registers ?? new Map();
  const written = new Map(
    Object.entries(writes).map(([path, value]) => [parsePath(path), { value, stamp: STAMP }]),
  );
  const source = { usersOf: () => new Set<never>(), purgeOf: () => null };
  checkSize(source, id, { held: new JoinedRegisters(under, over), written, claims: new Map() });
}

test('[D11] an object of a file has room whatever the largest one there holds', () => {
  expect(() => check(SMALL, { 'node.name': 'Sign' })).not.toThrow();
  expect(() => check(LARGE, { 'node.name': 'Wall' })).not.toThrow();
});

test('[D11] an object of a file is held to what it holds itself, under what came since', () => {
  const since = new Map([[parsePath('mesh.alt'), { value: 'y'.repeat(3800), stamp: STAMP }]]);
  expect(() => check(SMALL, { 'node.name': 'z'.repeat(600) }, since)).not.toThrow();
  expect(() => check(LARGE, { 'node.name': 'z'.repeat(600) }, since)).toThrow(/8192 bytes/);
});
