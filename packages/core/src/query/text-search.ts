import { type ObjectId, type Path, parsePath } from '../ids.ts';
import { NAME_PATH } from '../scene/facts.ts';
import type { Scene } from '../scene/scene.ts';
import type { Fuel } from './fuel.ts';
import { invalid } from './invalid.ts';
import { MAX_TEXT_WORDS, MAX_WORD_CHARACTERS } from './limits.ts';

/** Where people write what others look for. */
export const TEXT_PATHS: readonly Path[] = [
  NAME_PATH,
  ...['text.value', 'portal.label', 'link.label'].map(parsePath),
];

const COST_CHARACTERS = 16;
const ASCII = /^[\n -~]*$/;

/** The words of a search, folded; at least one. */
export function checkText(text: unknown): readonly string[] | null {
  if (text === undefined) return null;
  if (typeof text !== 'string' || text.length > MAX_WORD_CHARACTERS)
    throw invalid('text', `text of at most ${MAX_WORD_CHARACTERS} characters`, text);
  const words = fold(text)
    .split(/\s+/u)
    .filter((word) => word !== '');
  if (words.length === 0 || words.length > MAX_TEXT_WORDS)
    throw invalid('text', `1 to ${MAX_TEXT_WORDS} words`, text);
  return words;
}

export function compileText(scene: Scene, words: readonly string[], fuel: Fuel): (id: ObjectId) => boolean {
  return (id) => {
    let texts = '';
    for (const path of TEXT_PATHS) {
      const value = scene.valueAt(id, path);
      if (typeof value === 'string') texts += `${value}\n`;
    }
    fuel.spend(1 + texts.length / COST_CHARACTERS);
    if (texts === '') return false;
    const folded = fold(texts);
    return words.every((word) => folded.includes(word));
  };
}

/** Without case, accents and the various forms of one letter: compatibility decomposition, marks left out, lower case. */
export function fold(text: string): string {
  // Most names need nothing but lower case, which is a tenth of the work.
  if (ASCII.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
