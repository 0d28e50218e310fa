import { describe, expect, test } from 'vitest';
import {
  DOWN_FRAMES,
  decodeFrame,
  decodeWirePatch,
  encodeFrame,
  encodeWirePatch,
  type Frame,
  frameToJson,
  UP_FRAMES,
} from '../../src/index.ts';
import { specBytes, specFiles, specText } from './files.ts';

const ENDING = '.frame';
const KINDS = [...UP_FRAMES, ...DOWN_FRAMES];
const names = specFiles('golden/frames', ENDING).map((path) => path.slice(0, -ENDING.length));

function read(name: string): Frame {
  const bytes = specBytes(name + ENDING);
  const kind = KINDS.find(({ byte }) => byte === bytes[0]);
  return kind?.direction === 'to-client' ? decodeFrame(bytes, 'to-client') : decodeFrame(bytes, 'to-relay');
}

// These files are kept for ever: whoever changes a frame adds files of its version and leaves these alone.
describe('[PF9] the golden frames', () => {
  test('are there for every kind', () => {
    const types = names.map((name) => name.replace(/^.*\/v\d+-/, ''));
    expect(new Set(types)).toEqual(new Set(KINDS.map(({ type }) => type)));
  });

  test.each(names)('%s says what its twin does', (name) => {
    expect(JSON.parse(JSON.stringify(frameToJson(read(name))))).toEqual(JSON.parse(specText(`${name}.json`)));
  });

  test.each(names.filter((name) => name.includes('/v1-')))('%s is what this version writes', (name) => {
    const frame = read(name);
    const written =
      'patch' in frame ? { ...frame, patch: encodeWirePatch(decodeWirePatch(frame.patch)) } : frame;
    expect(encodeFrame(written)).toEqual(specBytes(name + ENDING));
  });
});
