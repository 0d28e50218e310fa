import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodePatch, encodePatch, patchFromJson, patchToJson } from '../../src/index.ts';
import { plainPatch } from '../arbitraries.ts';
import { GOLDEN } from './check-binary.ts';
import { PROTOCOL_SPEC } from './files.ts';

const names = readdirSync(join(PROTOCOL_SPEC, GOLDEN))
  .filter((name) => name.endsWith('.weft'))
  .map((name) => name.slice(0, -'.weft'.length));

function read(name: string): { bytes: Uint8Array; twin: unknown } {
  const at = (extension: string) => join(PROTOCOL_SPEC, GOLDEN, `${name}.${extension}`);
  const twin: unknown = JSON.parse(readFileSync(at('json'), 'utf8'));
  return { bytes: new Uint8Array(readFileSync(at('weft'))), twin };
}

// These files are kept for ever: whoever changes the format adds files of its version and leaves these alone.
describe('the golden files', () => {
  test('are all there', () => {
    expect(names).toEqual(
      expect.arrayContaining(['v1-blocks', 'v1-catalogue', 'v1-empty', 'v1-everything', 'v1-one']),
    );
  });

  test.each(names)('%s holds the patch of its twin', (name) => {
    const { bytes, twin } = read(name);
    const file = decodePatch(bytes);
    const expected = patchFromJson(twin);
    expect([...file.problems, ...expected.problems]).toEqual([]);
    expect(plainPatch(file.patch)).toEqual(plainPatch(expected.patch));
    expect(JSON.parse(JSON.stringify(patchToJson(file.patch, file.info)))).toEqual(twin);
  });

  test.each(names.filter((name) => name.startsWith('v1-')))('%s is what this version writes', (name) => {
    const { bytes, twin } = read(name);
    const { patch, info } = patchFromJson(twin);
    expect(Buffer.from(encodePatch(patch, info)).equals(bytes)).toBe(true);
  });
});
