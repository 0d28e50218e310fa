import type { ObjectId, Path } from '../ids.ts';
import { isPurged, type RegisterEntry } from '../register/patch.ts';
import { compareRegisters, isSameRegister, type Register } from '../register/register.ts';
import type { Time } from '../stamp/stamp.ts';

/** How many registers of one property are remembered that went to a relay: as many as may be on their way, and one that is kept. */
export const MAX_RELAYED = 65;

interface Said {
  readonly register: Register;
  /** Whether a relay's journal holds it, as that said. */
  readonly isKept: boolean;
}

/**
 * What of this client went to a relay, and may be there whatever becomes of later edits: of each property the newest first,
 * down to the last one that a relay keeps. Where a later one is refused, the one before shows there, and has to here.
 */
export class Relayed {
  readonly #objects = new Map<ObjectId, Map<Path, readonly Said[]>>();

  add(entry: RegisterEntry): void {
    if (this.#find(entry) === undefined) this.#put(entry, false);
  }

  /** A relay keeps it: what the same actor wrote before is replaced there for good. */
  keep(entry: RegisterEntry): void {
    this.replace(entry);
    this.#filter(entry, ({ register }) => !isSameRegister(register, entry.register));
    this.#put(entry, true);
  }

  /** What the same actor wrote before is with no relay any more. */
  replace(entry: RegisterEntry): void {
    this.#filter(entry, ({ register }) => !isOlderOfSame(register, entry.register));
  }

  remove(entry: RegisterEntry): void {
    this.#filter(entry, ({ register }) => !isSameRegister(register, entry.register));
  }

  /** No relay is known to keep it, though it may. */
  doubt(entry: RegisterEntry): void {
    if (!this.isKept(entry)) return;
    this.remove(entry);
    this.add(entry);
  }

  /** The same of all. */
  doubtAll(): void {
    for (const entry of this.entries()) this.doubt(entry);
  }

  /** Nothing of an object, or of one property, is remembered any more. */
  forget(id: ObjectId, path?: Path): void {
    if (path === undefined) this.#objects.delete(id);
    else this.#set(id, path, []);
  }

  purge(id: ObjectId, purge: Time): void {
    for (const path of [...(this.#objects.get(id)?.keys() ?? [])])
      this.#filter({ id, path }, ({ register }) => !isPurged(register, purge));
  }

  has(entry: RegisterEntry): boolean {
    return this.#find(entry) !== undefined;
  }

  isKept(entry: RegisterEntry): boolean {
    return this.#find(entry)?.isKept === true;
  }

  newest(id: ObjectId, path: Path): Register | undefined {
    return this.#objects.get(id)?.get(path)?.[0]?.register;
  }

  ids(): Iterable<ObjectId> {
    return this.#objects.keys();
  }

  entries(): RegisterEntry[] {
    return [...this.#objects].flatMap(([id, paths]) =>
      [...paths].flatMap(([path, said]) => said.map(({ register }) => ({ id, path, register }))),
    );
  }

  #find({ id, path, register }: RegisterEntry): Said | undefined {
    for (const said of this.#objects.get(id)?.get(path) ?? [])
      if (isSameRegister(said.register, register)) return said;
    return undefined;
  }

  #put({ id, path, register }: RegisterEntry, isKept: boolean): void {
    const known = this.#objects.get(id)?.get(path) ?? [];
    const all = [{ register, isKept }, ...known];
    if (known.length > 0) all.sort((a, b) => compareRegisters(b.register, a.register));
    // The oldest is what a relay is most likely to keep.
    if (all.length > MAX_RELAYED) all.splice(-2, 1);
    this.#set(id, path, all);
  }

  #filter({ id, path }: Pick<RegisterEntry, 'id' | 'path'>, isLeft: (said: Said) => boolean): void {
    const known = this.#objects.get(id)?.get(path);
    if (known !== undefined) this.#set(id, path, known.filter(isLeft));
  }

  #set(id: ObjectId, path: Path, said: readonly Said[]): void {
    const paths = this.#objects.get(id) ?? new Map<Path, readonly Said[]>();
    if (said.length > 0) paths.set(path, said);
    else paths.delete(path);
    if (paths.size > 0) this.#objects.set(id, paths);
    else this.#objects.delete(id);
  }
}

function isOlderOfSame(a: Register, b: Register): boolean {
  return a.stamp.actor === b.stamp.actor && compareRegisters(a, b) < 0;
}
