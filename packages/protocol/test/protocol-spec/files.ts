import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROTOCOL_SPEC = fileURLToPath(new URL('../../../../protocol-spec', import.meta.url));

/** A text of the specification, by path relative to its folder. */
export function specText(path: string): string {
  return readFileSync(join(PROTOCOL_SPEC, path), 'utf8');
}

/** A file of the specification that is no text. */
export function specBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(PROTOCOL_SPEC, path)));
}

/** The files below a folder of the specification with this ending, in the order of their paths. */
export function specFiles(folder: string, ending: string): readonly string[] {
  return readdirSync(join(PROTOCOL_SPEC, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(PROTOCOL_SPEC, join(entry.parentPath, entry.name)))
    .sort();
}
