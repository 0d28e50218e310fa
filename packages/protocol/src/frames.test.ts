import { parseObjectId, type Value } from '@weft/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mutated } from '../test/arbitraries.ts';
import { SAMPLE_FRAMES } from '../test/sample-frames.ts';
import { CLOSE_CODES } from './close-codes.ts';
import { decodeFrame } from './decode-frame.ts';
import { encodeFrame } from './encode-frame.ts';
import { DOWN_FRAMES, type Frame, UP_FRAMES } from './frames.ts';
import {
  MAX_DOCUMENT_BYTES,
  MAX_FORMER_ACTORS,
  MAX_FRAME_BYTES,
  MAX_PATCH_BYTES,
  MAX_PEOPLE,
  MAX_PRESENCE_BYTES,
  MAX_REJECT_PROBLEMS,
  MAX_SNAPSHOT_CHUNK_BYTES,
} from './limits.ts';
import { ProtocolError } from './protocol-error.ts';
import { pack } from './wire/pack.ts';

const UP_TYPES: ReadonlySet<string> = new Set(UP_FRAMES.map(({ type }) => type));

function decode(frame: Frame, bytes: Uint8Array): Frame {
  return UP_TYPES.has(frame.type) ? decodeFrame(bytes, 'to-relay') : decodeFrame(bytes, 'to-client');
}

test('[PF1] a frame reads back as it was written', () => {
  for (const frame of SAMPLE_FRAMES) expect(decode(frame, encodeFrame(frame))).toEqual(frame);
});

test('there is a sample of every kind, and no two kinds share a byte', () => {
  const kinds = [...UP_FRAMES, ...DOWN_FRAMES];
  expect(SAMPLE_FRAMES.map(({ type }) => type)).toEqual(kinds.map(({ type }) => type));
  expect(new Set(kinds.map(({ byte }) => byte)).size).toBe(kinds.length);
});

test('[PF2] a frame that the other side sends is refused', () => {
  for (const frame of SAMPLE_FRAMES) {
    const bytes = encodeFrame(frame);
    const wrong = () =>
      UP_TYPES.has(frame.type) ? decodeFrame(bytes, 'to-client') : decodeFrame(bytes, 'to-relay');
    expect(wrong).toThrow(ProtocolError);
    expect(wrong).toThrow(/direction|expected a frame to-/);
  }
});

test('[PF2] what is no frame of this version is refused by name, and says how the socket is closed', () => {
  const errorOf = (...bytes: number[]) => {
    try {
      decodeFrame(Uint8Array.from(bytes), 'to-relay');
    } catch (error) {
      if (error instanceof ProtocolError) return [error.code, error.closeCode];
      throw error;
    }
    return null;
  };
  expect(errorOf()).toEqual(['malformed', CLOSE_CODES.malformed]);
  expect(errorOf(0x3f, 0x90)).toEqual(['unknown-frame', CLOSE_CODES.malformed]);
  expect(errorOf(0x41, 0x90)).toEqual(['wrong-direction', CLOSE_CODES.malformed]);
  expect(errorOf(0x08, 0x90)).toEqual(['malformed', CLOSE_CODES.malformed]);
  expect(errorOf(0x08, 0x91, 0xff)).toEqual(['malformed', CLOSE_CODES.malformed]);
  expect(errorOf(0x08, 0x91, 0x05)).toBeNull();
});

test('[PF4] no frame of any kind is larger than a megabyte, those of later versions included', () => {
  const codeOf = (length: number) => {
    try {
      decodeFrame(new Uint8Array(length).fill(0x3f), 'to-client');
    } catch (error) {
      return error instanceof ProtocolError ? error.code : error;
    }
    return null;
  };
  expect(codeOf(MAX_FRAME_BYTES)).toBe('unknown-frame');
  expect(codeOf(MAX_FRAME_BYTES + 1)).toBe('too-large');
});

test('[PF1] fields that a later version adds at the end are passed over, a few of them', () => {
  const later = (count: number) => pack([5, ...Array<number>(count).fill(0)], 0x08).bytes;
  expect(decodeFrame(later(16), 'to-relay')).toEqual({ type: 'clock-up', at: 5 });
  expect(() => decodeFrame(later(17), 'to-relay')).toThrow(ProtocolError);
});

describe('[PF4] a frame is bounded, both ways:', () => {
  const object = parseObjectId('o');
  const sample = <Type extends Frame['type']>(type: Type): Extract<Frame, { type: Type }> => {
    const found = SAMPLE_FRAMES.find((frame): frame is Extract<Frame, { type: Type }> => frame.type === type);
    if (found === undefined) throw new TypeError(type);
    return found;
  };
  const welcome = sample('welcome');
  const [person] = welcome.people;
  const cases: Record<string, [number, (size: number) => Frame]> = {
    'the bytes of a patch': [
      MAX_PATCH_BYTES,
      (size) => ({ type: 'patch-up', n: 1, patch: new Uint8Array(size) }),
    ],
    'the bytes of a document': [
      MAX_DOCUMENT_BYTES,
      (size) => ({ type: 'document-up', object, bytes: new Uint8Array(size) }),
    ],
    'the part of a snapshot': [
      MAX_SNAPSHOT_CHUNK_BYTES,
      (size) => ({ type: 'snapshot', index: 0, count: 1, bytes: new Uint8Array(size) }),
    ],
    'what presence shows': [
      MAX_PRESENCE_BYTES,
      (size) => ({ type: 'presence-up', state: { a: 'x'.repeat(size - 8) } }),
    ],
    'the name of an event': [64, (size) => ({ ...sample('event-up'), name: 'x'.repeat(size) })],
    'what an event says': [4096, (size) => ({ ...sample('event-up'), data: 'x'.repeat(size - 2) })],
    'earlier actors': [
      MAX_FORMER_ACTORS,
      (size) => ({ ...sample('hello'), former: Array(size).fill(sample('hello').actor) }),
    ],
    people: [MAX_PEOPLE, (size) => ({ ...welcome, people: Array(size).fill(person) })],
    problems: [
      MAX_REJECT_PROBLEMS,
      (size) => ({ ...sample('reject'), problems: Array(size).fill(sample('reject').problems[0]) }),
    ],
    priority: [255, (size) => ({ ...sample('lease-up'), priority: size })],
    'the reason of a bye': [120, (size) => ({ type: 'bye-up', code: 1000, reason: 'x'.repeat(size) })],
  };
  for (const [what, [bound, of]] of Object.entries(cases)) {
    test(what, () => {
      const passes = (frame: Frame) => decode(frame, encodeFrame(frame));
      expect(passes(of(bound))).toEqual(of(bound));
      expect(() => passes(of(bound + 1))).toThrow(ProtocolError);
    });
  }
});

test('[PF4] the largest of what a relay may have to say fits its frame', () => {
  const wide: Value = Object.fromEntries(Array.from({ length: 580 }, (_, at) => [at.toString(36), 0]));
  const numbers: Value = Array(1023).fill(0.5);
  const reject = SAMPLE_FRAMES.find((frame) => frame.type === 'reject');
  const welcome = SAMPLE_FRAMES.find((frame) => frame.type === 'welcome');
  if (reject === undefined || welcome === undefined) throw new TypeError('no sample');
  const [problem] = reject.problems;
  const [person] = welcome.people;
  if (problem?.winner === undefined || problem.winner === null || person === undefined)
    throw new TypeError('no sample');
  for (const value of [wide, numbers]) {
    const worst = { ...problem, message: '\u{20ac}'.repeat(500), winner: { ...problem.winner, value } };
    const frame: Frame = { ...reject, problems: Array(MAX_REJECT_PROBLEMS).fill(worst) };
    expect(decode(frame, encodeFrame(frame))).toEqual(frame);
  }
  const crowd: Frame = {
    ...welcome,
    people: Array(MAX_PEOPLE).fill({
      ...person,
      device: '\u{20ac}'.repeat(128),
      user: `@${'u'.repeat(125)}:${'s'.repeat(127)}`,
    }),
  };
  expect(decode(crowd, encodeFrame(crowd))).toEqual(crowd);
});

test('[PF3] a frame that was changed on its way is refused, or is a frame that can be sent', () => {
  const damaged = fc
    .constantFrom(...SAMPLE_FRAMES)
    .chain((frame) => mutated(encodeFrame(frame)).map((bytes) => ({ frame, bytes })));
  fc.assert(
    fc.property(damaged, ({ frame, bytes }) => {
      try {
        const read = decode(frame, bytes);
        expect(decode(read, encodeFrame(read))).toEqual(read);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
    { numRuns: 3000 },
  );
});

test('[PF3] any bytes are a frame or a ProtocolError', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(...UP_FRAMES, ...DOWN_FRAMES),
      (bytes, { byte, direction }) => {
        const frame = Uint8Array.from([byte, ...bytes]);
        try {
          if (direction === 'to-relay') decodeFrame(frame, 'to-relay');
          else decodeFrame(frame, 'to-client');
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      },
    ),
    { numRuns: 3000 },
  );
});
