import { type ActorId, isObjectId, type ObjectId, type Path, ROOT, type UserId } from '../ids.ts';
import { entriesOf, type Patch } from '../register/patch.ts';
import type { Stamp } from '../stamp/stamp.ts';
import { compareUtf8 } from '../value/utf8.ts';
import type { Value } from '../value/value.ts';
import { beyondLimit } from './bad-file.ts';
import { MAX_BLOB_IDS, MAX_BLOB_OBJECTS, MAX_BLOB_PATHS, MAX_BLOB_REGISTERS } from './limits.ts';
import { isPackable } from './packed-ids.ts';

/** Ids in the order of the file: those that pack into 16 bytes, then the others. */
interface IdList {
  readonly packed: readonly string[];
  readonly other: readonly string[];
}

/** The tables of a file that is being written. Each is sorted, so equal patches have equal tables. */
export class WriteTables {
  readonly objects: readonly ObjectId[];
  readonly objectIds: IdList;
  /** Ids that values mention and of which the patch says nothing itself. */
  readonly mentionedIds: IdList;
  readonly paths: readonly Path[];
  readonly actors: readonly ActorId[];
  readonly users: readonly UserId[];
  /** Texts that are the value of several registers. */
  readonly sharedTexts: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;
  readonly #paths: ReadonlyMap<string, number>;
  readonly #actors: ReadonlyMap<string, number>;
  readonly #users: ReadonlyMap<string, number>;
  readonly #shared: ReadonlyMap<string, number>;

  /** @throws WeftError `limit` past the bounds of a file */
  constructor(patch: Patch) {
    const { paths, actors, users, mentioned, uses } = collect(patch);
    this.objectIds = idList(patch.objects.keys());
    this.objects = [...this.objectIds.packed, ...this.objectIds.other].filter(isObjectId);
    this.mentionedIds = idList(mentioned);
    this.paths = [...paths].sort(compareUtf8);
    this.actors = [...actors].sort(compareUtf8);
    this.users = [...users].sort(compareUtf8);
    this.sharedTexts = [...uses].flatMap(([text, count]) => (count > 1 ? [text] : [])).sort(compareUtf8);
    this.#ids = indexOf([...this.objects, ...this.mentionedIds.packed, ...this.mentionedIds.other]);
    this.#paths = indexOf(this.paths);
    this.#actors = indexOf(this.actors);
    this.#users = indexOf(this.users);
    this.#shared = indexOf(this.sharedTexts);
    bound('objects', this.objects.length, MAX_BLOB_OBJECTS);
    bound('ids', this.#ids.size, MAX_BLOB_IDS);
    bound('paths', this.paths.length, MAX_BLOB_PATHS);
  }

  isId(text: string): boolean {
    return this.#ids.has(text);
  }

  isShared(text: string): boolean {
    return this.#shared.has(text);
  }

  idIndex(id: string): number {
    return this.#ids.get(id) ?? 0;
  }

  sharedIndex(text: string): number {
    return this.#shared.get(text) ?? 0;
  }

  pathIndex(path: Path): number {
    return this.#paths.get(path) ?? 0;
  }

  actorIndex(actor: ActorId): number {
    return this.#actors.get(actor) ?? 0;
  }

  userIndex(user: UserId): number {
    return this.#users.get(user) ?? 0;
  }
}

interface Collected {
  readonly paths: Set<Path>;
  readonly actors: Set<ActorId>;
  readonly users: Set<UserId>;
  readonly mentioned: Set<string>;
  readonly uses: Map<string, number>;
}

function collect(patch: Patch): Collected {
  const all: Collected = {
    paths: new Set(),
    actors: new Set(),
    users: new Set(),
    mentioned: new Set(),
    uses: new Map(),
  };
  let last: Stamp | null = null;
  let registers = 0;
  for (const { path, register } of entriesOf(patch)) {
    registers += 1;
    all.paths.add(path);
    if (register.stamp !== last) all.actors.add(register.stamp.actor);
    last = register.stamp;
    collectText(patch, register.value, all);
  }
  bound('registers', registers, MAX_BLOB_REGISTERS);
  for (const [actor, users] of patch.actors) {
    all.actors.add(actor);
    for (const user of users) all.users.add(user);
  }
  return all;
}

function collectText(patch: Patch, value: Value, { mentioned, uses }: Collected): void {
  if (typeof value !== 'string') return;
  if (isObjectId(value) && patch.objects.has(value)) return;
  if (isPackable(value) || value === ROOT) mentioned.add(value);
  else uses.set(value, (uses.get(value) ?? 0) + 1);
}

function idList(ids: Iterable<string>): IdList {
  const packed: string[] = [];
  const other: string[] = [];
  for (const id of ids) (isPackable(id) ? packed : other).push(id);
  // Ids are ASCII, so the native order is that of their bytes.
  return { packed: packed.sort(), other: other.sort() };
}

function indexOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  for (const [at, text] of texts.entries()) indexes.set(text, at);
  return indexes;
}

function bound(what: string, count: number, most: number): void {
  if (count > most) throw beyondLimit('write a Weft file', `at most ${most} ${what}`, String(count));
}
