import { componentOf, type ObjectId, type Path } from '../ids.ts';
import { isList } from '../value/value.ts';
import type { ChangeSet } from './change-set.ts';
import {
  heldPaths,
  KIND_PATH,
  NAME_PATH,
  type ReadRegisters,
  type Registers,
  TAGS_PATH,
  valueAt,
} from './facts.ts';
import type { IndexName } from './scene.ts';
import { type FoundIds, SortedIds } from './sorted-ids.ts';

type Words = readonly string[];

interface IndexKind {
  readonly words: (registers: Registers) => Words;
  readonly dependsOn: (path: Path) => boolean;
}

const KINDS: Readonly<Record<IndexName, IndexKind>> = {
  kind: { words: (registers) => textAt(registers, KIND_PATH), dependsOn: (path) => path === KIND_PATH },
  name: { words: (registers) => textAt(registers, NAME_PATH), dependsOn: (path) => path === NAME_PATH },
  tag: { words: tagsOf, dependsOn: (path) => path === TAGS_PATH },
  component: { words: componentsOf, dependsOn: () => true },
};

const NOBODY: FoundIds = new SortedIds();

/** Visible objects by word: by kind, name, tag or component. */
export class WordIndex {
  readonly #kind: IndexKind;
  readonly #read: ReadRegisters;
  readonly #objects = new Map<string, SortedIds>();
  readonly #words = new Map<ObjectId, Words>();

  constructor(name: IndexName, read: ReadRegisters, ids: Iterable<ObjectId>) {
    this.#kind = KINDS[name];
    this.#read = read;
    for (const id of ids) this.#put(id);
  }

  get(word: string): FoundIds {
    return this.#objects.get(word) ?? NOBODY;
  }

  update({ added, removed, changed }: ChangeSet): void {
    for (const id of removed) this.#take(id);
    for (const id of added) this.#put(id);
    for (const [id, paths] of changed) {
      if (!paths.some(this.#kind.dependsOn)) continue;
      this.#take(id);
      this.#put(id);
    }
  }

  #put(id: ObjectId): void {
    const registers = this.#read(id);
    const words = registers === undefined ? [] : this.#kind.words(registers);
    if (words.length === 0) return;
    this.#words.set(id, words);
    for (const word of words) {
      const objects = this.#objects.get(word);
      if (objects === undefined) this.#objects.set(word, new SortedIds().add(id));
      else objects.add(id);
    }
  }

  #take(id: ObjectId): void {
    for (const word of this.#words.get(id) ?? []) {
      const objects = this.#objects.get(word);
      objects?.delete(id);
      if (objects?.size === 0) this.#objects.delete(word);
    }
    this.#words.delete(id);
  }
}

function textAt(registers: Registers, path: Path): Words {
  const value = valueAt(registers, path);
  return typeof value === 'string' ? [value] : [];
}

/** The tags as written: those that are text. */
export function tagsOf(registers: Registers): Words {
  const value = valueAt(registers, TAGS_PATH) ?? null;
  return isList(value) ? value.filter((tag) => typeof tag === 'string') : [];
}

function componentsOf(registers: Registers): Words {
  return [...new Set(heldPaths(registers).map(componentOf))];
}
