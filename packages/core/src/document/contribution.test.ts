import { propertySettings, SeededRandom } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Editor } from '../../test/editor.ts';
import { decodePatch } from '../binary/decode.ts';
import { encodePatch } from '../binary/encode.ts';
import { unknownProperty } from '../components/validate.ts';
import { WeftError } from '../errors.ts';
import { type ObjectId, parsePath } from '../ids.ts';
import { entriesOf, type Patch, patchOf } from '../register/patch.ts';
import { canonicalJson } from '../value/canonical.ts';
import { utf8Length } from '../value/utf8.ts';
import { MAX_VALUE_BYTES, type Value } from '../value/value.ts';
import { composeContribution, composeEpoch } from './compose-contribution.ts';
import { contributionsOf, contributionWrites, documentEpoch, slotStamp } from './contribution.ts';
import { MAX_CONTRIBUTION_BYTES, MAX_DOCUMENT_SLOTS, MAX_SLOT_PARTS, SLOT_PART_BYTES } from './limits.ts';
import { slotPath, slotPlaceOf } from './slot-path.ts';

const PARTS = fc.uint8Array({ minLength: 1, maxLength: 4 * SLOT_PART_BYTES });

function withSign(name: string): { editor: Editor; sign: ObjectId } {
  const editor = new Editor(name);
  const { value: sign } = editor.edit((e) => e.add({ node: { name: 'Sign' } }));
  return { editor, sign };
}

function contribute({ replica, access }: Editor, sign: ObjectId, slot: number, update: Uint8Array): Patch {
  const patch = composeContribution(replica, access, sign, { slot, update });
  replica.write(patch, 'local');
  return patch;
}

function put({ replica }: Editor, sign: ObjectId, value: Value): void {
  const register = { value, stamp: replica.clock.issue() };
  replica.write(
    patchOf({ registers: [{ id: sign, path: slotPath({ slot: 0, part: 0 }), register }] }),
    'local',
  );
}

function read({ replica }: Editor, sign: ObjectId): readonly (readonly [number, Uint8Array])[] {
  return contributionsOf(replica.registers(sign) ?? new Map()).map(
    ({ slot, update }) => [slot, update] as const,
  );
}

describe('contributions to a document', () => {
  it('[DO2] read back as they were written, one after another in one slot', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(MAX_DOCUMENT_SLOTS - 1), PARTS), { maxLength: 5 }), (written) => {
        const { editor, sign } = withSign('ann');
        for (const [slot, update] of written) contribute(editor, sign, slot, update);
        const last = [...new Map(written)].sort(([a], [b]) => a - b);
        expect(read(editor, sign)).toEqual(last);
      }),
      propertySettings(40),
    );
  });

  it('[DO2] fill 48 registers of 3,000 bytes, each a value, and no byte more', () => {
    const { editor, sign } = withSign('ann');
    const largest = new SeededRandom(1).bytes(MAX_CONTRIBUTION_BYTES);
    expect(MAX_CONTRIBUTION_BYTES).toBe(144_000);
    const patch = contribute(editor, sign, MAX_DOCUMENT_SLOTS - 1, largest);
    expect(read(editor, sign)).toEqual([[MAX_DOCUMENT_SLOTS - 1, largest]]);
    const entries = [...entriesOf(patch)];
    expect(entries).toHaveLength(MAX_SLOT_PARTS);
    for (const { register } of entries)
      expect(utf8Length(canonicalJson(register.value))).toBeLessThanOrEqual(MAX_VALUE_BYTES);
    expect(() => contribute(editor, sign, 0, new Uint8Array(MAX_CONTRIBUTION_BYTES + 1))).toThrow(WeftError);
  });

  it('[DO2] all slots of a document fit in one block of a file, whoever filled them', () => {
    const { editor, sign } = withSign('ann');
    const longestEpoch = 'e'.repeat(24);
    editor.replica.write(composeEpoch(editor.replica, editor.access, sign, longestEpoch), 'local');
    const random = new SeededRandom(2);
    const update = random.bytes(MAX_CONTRIBUTION_BYTES);
    for (let slot = 0; slot < MAX_DOCUMENT_SLOTS; slot++) contribute(editor, sign, slot, update);
    const { patch } = decodePatch(encodePatch(editor.replica.toPatch()), { carrier: 'a file' });
    const registers = patch.objects.get(sign)?.registers ?? new Map();
    expect(contributionsOf(registers).map(({ slot }) => slot)).toEqual([...Array(MAX_DOCUMENT_SLOTS).keys()]);
  });

  it('[DO2] that were torn apart count for nothing until the rest is there, in whatever order it comes', () => {
    fc.assert(
      fc.property(PARTS, PARTS, fc.nat(), (before, after, seed) => {
        const { editor, sign } = withSign('ann');
        const first = contribute(editor, sign, 3, before);
        const second = contribute(editor, sign, 3, after);
        const entries = new SeededRandom(seed).shuffle([...entriesOf(first), ...entriesOf(second)]);
        const reader = new Editor('bob');
        const seen: (readonly (readonly [number, Uint8Array])[])[] = [];
        for (const entry of entries) {
          reader.replica.receive(patchOf({ registers: [entry] }), 'matrix');
          seen.push(read(reader, sign));
        }
        const whole = [[], [[3, before]], [[3, after]]];
        for (const state of seen) expect(whole).toContainEqual(state);
        expect(seen.at(-1)).toEqual([[3, after]]);
      }),
      propertySettings(60),
    );
  });

  it('[DO3] of another epoch do not count; the first epoch needs no register', () => {
    const { editor, sign } = withSign('ann');
    contribute(editor, sign, 0, Uint8Array.of(1));
    expect(documentEpoch(editor.replica.registers(sign) ?? new Map())).toBe('first');
    editor.replica.write(composeEpoch(editor.replica, editor.access, sign, 'second'), 'local');
    expect(read(editor, sign)).toEqual([]);
    contribute(editor, sign, 0, Uint8Array.of(2));
    expect(read(editor, sign)).toEqual([[0, Uint8Array.of(2)]]);
    editor.replica.write(composeEpoch(editor.replica, editor.access, sign, 'first'), 'local');
    expect(read(editor, sign)).toEqual([]);
  });

  it('[DO2] skips what a stranger wrote in their place', () => {
    const { editor, sign } = withSign('ann');
    const path = slotPath({ slot: 0, part: 0 });
    const good = contributionWrites(new Map(), { slot: 0, update: Uint8Array.of(7) }).get(path);
    if (typeof good !== 'object' || good === null || !('tag' in good)) throw new Error('no value');
    const strange: Value[] = [
      ...['text', 7, [], {}, { ...good, parts: 0 }, { ...good, parts: 49 }, { ...good, parts: 1.5 }],
      ...[
        { ...good, parts: 2 },
        { ...good, update: '!' },
        { ...good, update: '' },
        { ...good, tag: 'AAAAAAAA' },
      ],
      ...[
        { ...good, epoch: 'other' },
        { ...good, tag: null },
        { epoch: 'first', parts: 1 },
      ],
    ];
    for (const value of strange) {
      put(editor, sign, value);
      expect(read(editor, sign), JSON.stringify(value)).toEqual([]);
    }
    put(editor, sign, good);
    expect(read(editor, sign)).toEqual([[0, Uint8Array.of(7)]]);
  });

  it('[DO2] are in places of their own, which nothing else may take', () => {
    expect(slotPlaceOf(slotPath({ slot: 31, part: 47 }))).toEqual({ slot: 31, part: 47 });
    const others = [
      'document.s32_0',
      'document.s0_48',
      'document.s00_0',
      'document.s0',
      'text.s0_0',
      'document.epoch',
    ];
    for (const path of others) expect(slotPlaceOf(parsePath(path)), path).toBeNull();
    expect(unknownProperty('document', 's31_47')).toBeNull();
    expect(unknownProperty('document', 's32_0')).not.toBeNull();
    expect(slotStamp(new Map(), 0)).toBeNull();
  });

  it('[DO2] leave the object to be edited as any other, however long they are', () => {
    const { editor, sign } = withSign('ann');
    contribute(editor, sign, 0, new SeededRandom(3).bytes(20_000));
    editor.edit((e) => e.set(sign, { node: { name: 'Long sign' } }));
    expect(editor.replica.scene.get(sign)?.node?.name).toBe('Long sign');
    const heavy = Object.fromEntries(Array.from({ length: 3 }, (_, at) => [`p${at}`, 'x'.repeat(3000)]));
    expect(() => editor.edit((e) => e.set(sign, { 'acme:heavy': heavy }))).toThrow(WeftError);
  });

  it('[DO4] are refused to whoever may not edit the object', () => {
    const { editor, sign } = withSign('ann');
    editor.edit((e) => e.set(sign, { node: { locked: true } }));
    for (const level of [0, 25]) {
      const access = { ...editor.access, level };
      const refused = () =>
        composeContribution(editor.replica, access, sign, { slot: 0, update: Uint8Array.of(1) });
      expect(refused).toThrow(WeftError);
      expect(() => composeEpoch(editor.replica, access, sign, 'next')).toThrow(WeftError);
    }
  });
});
