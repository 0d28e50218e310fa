import { MAX_CUSTOM_COMPONENTS } from '../components/custom-component.ts';
import { type EventContent, isObjectEventContent, isRecord } from '../event/event-json.ts';
import { quote } from '../event/intake-problem.ts';
import { MAX_RULES } from '../rules/rule.ts';
import { canonicalJson } from '../value/canonical.ts';
import { compareUtf8, utf8Length } from '../value/utf8.ts';
import { isList, type Value } from '../value/value.ts';
import { beyondLimit } from './bad-file.ts';

/** What a world said of itself and demanded when a file was written: contents of its state events, judged by nobody yet. */
export interface FilePolicy {
  /** Of its `world.weft.world`. */
  readonly world?: EventContent;
  /** Of its `world.weft.rule` events, by state key. */
  readonly rules?: ContentsByKey;
  /** Of its `world.weft.component` events, by state key. */
  readonly components?: ContentsByKey;
}

export type ContentsByKey = Readonly<Record<string, EventContent>>;

/** All contents in canonical JSON, each with its key: with the other members of the head they fit in one section. */
export const MAX_FILE_POLICY_BYTES = 768 * 1024;

const MAX_STATE_KEY_BYTES = 255;
const TOO_MANY_BYTES = `all contents together have more than ${MAX_FILE_POLICY_BYTES} bytes`;

/**
 * What a file can hold of a policy; what no state event can hold, or does not count in a room, is left out.
 *
 * @throws WeftError `limit` past 768 KiB
 */
export function writablePolicy(policy: FilePolicy): FilePolicy {
  return readPolicy(policy, (name, reason) => {
    if (reason === TOO_MANY_BYTES)
      throw beyondLimit('write a Weft file', `a policy where ${name} fits`, reason);
  });
}

/** The contents that are within the bounds. The others are left out, and `skipped` is told. */
export function readPolicy(input: unknown, skipped: (name: string, reason: string) => void): FilePolicy {
  if (!isRecord(input)) return {};
  const reader = new PolicyReader(skipped);
  const world = reader.contents('world', input.world === undefined ? {} : { '': input.world }, 1)?.[''];
  const rules = reader.contents('rules', input.rules, MAX_RULES);
  const components = reader.contents('components', input.components, MAX_CUSTOM_COMPONENTS);
  return {
    ...(world === undefined ? {} : { world }),
    ...(rules === null ? {} : { rules }),
    ...(components === null ? {} : { components }),
  };
}

class PolicyReader {
  readonly #skipped: (name: string, reason: string) => void;
  #bytes = 0;

  constructor(skipped: (name: string, reason: string) => void) {
    this.#skipped = skipped;
  }

  /** `null` where there are none. */
  contents(kind: string, input: unknown, most: number): ContentsByKey | null {
    if (!isRecord(input)) return null;
    const found: Record<string, EventContent> = Object.create(null);
    const keys = Object.keys(input).sort(compareUtf8);
    for (const key of keys.slice(0, most)) {
      const content = input[key];
      const skip = (reason: string) => this.#skipped(`${kind} ${quote(key)}`, reason);
      if (!isText(key) || utf8Length(key) > MAX_STATE_KEY_BYTES) skip('no state event can have that key');
      else if (!isObjectEventContent(content)) skip('it is no record of JSON of at most 8,192 bytes');
      else if (!isMatrixJson(content)) skip('no event can hold it: numbers are integers, texts well-formed');
      else if (this.#hasRoom(key, content)) found[key] = content;
      else skip(TOO_MANY_BYTES);
    }
    if (keys.length > most)
      this.#skipped(kind, `there are ${keys.length}: only the first ${most} by name are read`);
    return Object.keys(found).length === 0 ? null : found;
  }

  #hasRoom(key: string, content: EventContent): boolean {
    const bytes = utf8Length(canonicalJson({ [key]: content }));
    if (this.#bytes + bytes > MAX_FILE_POLICY_BYTES) return false;
    this.#bytes += bytes;
    return true;
  }
}

/** What a Matrix event takes and gives back unchanged. */
function isMatrixJson(value: Value): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value === 'string') return isText(value);
  if (value === null || typeof value === 'boolean') return true;
  if (isList(value)) return value.every(isMatrixJson);
  return Object.entries(value).every(([name, member]) => isText(name) && isMatrixJson(member));
}

function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
