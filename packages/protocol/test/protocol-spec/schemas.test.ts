import { toBase64Url } from '@weft/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { DOWN_FRAMES, encodeFrame, type Frame, UP_FRAMES } from '../../src/index.ts';
import { SAMPLE_FRAMES } from '../sample-frames.ts';
import { specText } from './files.ts';

const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });

const judges = new Map(
  [...UP_FRAMES, ...DOWN_FRAMES].map(({ type }) => [
    type,
    ajv.compile(JSON.parse(specText(`schemas/frames/${type}.json`))),
  ]),
);

function judgeOf(type: Frame['type']): NonNullable<ReturnType<typeof judges.get>> {
  const judge = judges.get(type);
  if (judge === undefined) throw new TypeError(type);
  return judge;
}

function wireOf(frame: Frame): unknown {
  const kind = [...UP_FRAMES, ...DOWN_FRAMES].find(({ type }) => type === frame.type);
  return kind?.layout.unpack(encodeFrame(frame), 'read');
}

/** The list of a frame's fields as its schema sees it. */
function fieldsOf(frame: Frame): unknown {
  return json(wireOf(frame));
}

function json(wire: unknown): unknown {
  if (wire instanceof Uint8Array) return toBase64Url(wire);
  if (Array.isArray(wire)) return wire.map(json);
  return wire;
}

describe('[PF9] the schema of a frame', () => {
  test.each(SAMPLE_FRAMES.map((frame) => [frame.type, frame] as const))(
    'accepts %s as it is written, and no list that is shorter or longer',
    (type, frame) => {
      const accepts = judgeOf(type);
      const fields = fieldsOf(frame);
      expect(accepts(fields), JSON.stringify(accepts.errors)).toBe(true);
      if (!Array.isArray(fields)) throw new TypeError('no list');
      expect(accepts([...fields, 0])).toBe(false);
      if (fields.length > 0) expect(accepts(fields.slice(1))).toBe(false);
    },
  );

  test('and the code refuse the same fields of the wrong kind', () => {
    for (const kind of [...UP_FRAMES, ...DOWN_FRAMES]) {
      const accepts = judgeOf(kind.type);
      const sample = SAMPLE_FRAMES.find(({ type }) => type === kind.type);
      const fields = sample === undefined ? [] : wireOf(sample);
      if (!Array.isArray(fields)) throw new TypeError('no list');
      for (let at = 0; at < fields.length; at++) {
        for (const wrong of [null, true, -1, 0, 0.5, 1, 2 ** 53, '', 'x', '!', [], {}, 'é'.repeat(600)]) {
          // Text stands for bytes in JSON, and for nothing in a frame.
          if (fields[at] instanceof Uint8Array && typeof wrong === 'string') continue;
          const changed = [...fields.slice(0, at), wrong, ...fields.slice(at + 1)];
          const reads = typeof kind.read(changed) !== 'string';
          expect(accepts(json(changed)), `${kind.type}.${at}: ${JSON.stringify(wrong)}`).toBe(reads);
        }
      }
    }
  });
});
