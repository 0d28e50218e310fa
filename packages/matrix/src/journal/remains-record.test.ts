import {
  encodePatch,
  entriesOf,
  newActorId,
  parseObjectId,
  parsePath,
  parseUserId,
  patchOf,
  type SourcedPatch,
  timeFromMs,
  toBase64Url,
} from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { describe, expect, it } from 'vitest';
import { decodeRemains, encodeRemains } from './remains-record.ts';

const ACTOR = newActorId(new SeededRandom('remains').bytes);

function remain(at: number, name = 'Lamp'): SourcedPatch {
  const entry = {
    id: parseObjectId(`object-${at}`),
    path: parsePath('node.name'),
    register: { value: name, stamp: { time: timeFromMs(at), actor: ACTOR } },
  };
  const source = {
    event: `$${at}`,
    sender: parseUserId('@ann:a.org'),
    atMs: at,
    carrier: 'world.weft.bundle',
  };
  return { source, patch: patchOf({ registers: [entry] }) };
}

function plain({ source, patch }: SourcedPatch) {
  return { source, entries: [...entriesOf(patch)] };
}

function read(records: readonly Uint8Array[]) {
  return records.flatMap((record) => decodeRemains(record)?.map(plain));
}

describe('what is left of what events said', () => {
  it('[I9] reads back as it was written, in records that do not grow without end', () => {
    const remains = Array.from({ length: 10 }, (_, at) => remain(at + 1));
    const records = encodeRemains(remains);
    expect(records).toHaveLength(1);
    expect(read(records)).toEqual(remains.map(plain));
    expect(encodeRemains([])).toEqual([]);
    const random = new SeededRandom('wide');
    const wide = patchOf({
      registers: Array.from({ length: 750 }, (_, at) => ({
        id: parseObjectId(`wide-${at}`),
        path: parsePath('node.name'),
        register: { value: toBase64Url(random.bytes(3000)), stamp: { time: timeFromMs(1), actor: ACTOR } },
      })),
    });
    expect(encodePatch(wide).length).toBeGreaterThan(2_100_000);
    const large = [1, 2].map((at) => ({ ...remain(at), patch: wide }));
    expect(encodeRemains(large)).toHaveLength(2);
    const counted = read(encodeRemains(large)).map((one) => [one?.source.event, one?.entries.length]);
    expect(counted).toEqual([1, 2].map((at) => [`$${at}`, 750]));
  });

  it('[I14] is none where a byte is missing, or one too many, or the line is another', () => {
    const [record = new Uint8Array()] = encodeRemains([remain(1), remain(2)]);
    const text = new TextDecoder('latin1').decode(record);
    const bytes = (changed: string) => Uint8Array.from(changed, (character) => character.charCodeAt(0));
    expect(decodeRemains(record.subarray(0, -1))).toBeNull();
    expect(decodeRemains(new Uint8Array([...record, 0]))).toBeNull();
    expect(decodeRemains(bytes(text.replace('@ann:a.org', 'ann')))).toBeNull();
    expect(decodeRemains(bytes(text.replace('"bytes":', '"size":')))).toBeNull();
    expect(decodeRemains(bytes(text.replace('[', '{')))).toBeNull();
    expect(decodeRemains(new Uint8Array())).toBeNull();
    expect(() => decodeRemains(bytes(text.replace('Lamp', 'Door')))).toThrow(/hash|sha256|file/i);
  });
});
