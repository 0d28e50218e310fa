import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../../protocol-spec/golden/frames', import.meta.url));

/** The bytes of the frames that every version has to read. */
export function goldenFrames(): readonly Uint8Array[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.frame'))
    .sort()
    .map((name) => new Uint8Array(readFileSync(join(FOLDER, name))));
}
