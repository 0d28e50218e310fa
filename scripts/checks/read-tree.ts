import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

// In a linked worktree `.git` is a file.
const SKIPPED: ReadonlySet<string> = new Set(['.git', '.weft', 'coverage', 'dist', 'node_modules']);
const MAX_TEXT_BYTES = 2 * 1024 * 1024;
const NUL = '\0';

/**
 * Every file of the working tree, as it is now: what is not committed yet is checked too. One that is no text is
 * there and empty, so that a link may lead to it.
 */
export function readTree(root: string): Map<string, string> {
  const texts = new Map<string, string>();
  const visit = (directory: string): void => {
    for (const entry of readdirSync(join(root, directory), { withFileTypes: true })) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      if (SKIPPED.has(entry.name)) continue;
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile() && statSync(join(root, path)).size <= MAX_TEXT_BYTES) {
        const text = readFileSync(join(root, path), 'utf8');
        texts.set(path, text.includes(NUL) ? '' : text);
      }
    }
  };
  visit('');
  return texts;
}
