import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GENERATED_FOLDERS, generatedFiles } from './generated-files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = generatedFiles();

describe('what is written by machine', () => {
  it.each([...files])('%s is as `npm run generate` writes it', (path, text) => {
    expect(existsSync(join(root, path)), 'run npm run generate').toBe(true);
    expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  });

  it.each(GENERATED_FOLDERS)('%s holds nothing else', (folder) => {
    const found = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
    expect(found.filter((path) => !files.has(path))).toEqual([]);
  });

  it('is the same each time', () => {
    expect(generatedFiles()).toEqual(files);
  });
});
