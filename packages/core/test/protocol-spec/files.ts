import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROTOCOL_SPEC = fileURLToPath(new URL('../../../../protocol-spec', import.meta.url));

/** A text of the specification, by path relative to its folder. */
export function specText(path: string): string {
  return readFileSync(join(PROTOCOL_SPEC, path), 'utf8');
}

/** The JSON files below a folder of the specification, in the order of their paths. */
export function specFiles(folder: string): readonly string[] {
  return readdirSync(join(PROTOCOL_SPEC, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => relative(PROTOCOL_SPEC, join(entry.parentPath, entry.name)))
    .sort();
}
