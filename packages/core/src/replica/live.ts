import type { ActorId, ObjectId, Path } from '../ids.ts';
import type { ActorClaims } from '../register/actors.ts';
import { NewObjects, type ObjectRows } from '../register/object-table.ts';
import { type ObjectPatch, type Patch, patchOf, type RegisterEntry } from '../register/patch.ts';
import { summaryOf } from '../register/patch-summary.ts';
import { compareRegisters, isSameRegister, type Register } from '../register/register.ts';
import { RegisterStore } from '../register/register-store.ts';
import { RowRegisters } from '../register/row-registers.ts';
import { isSameRegisters } from '../register/same-registers.ts';
import type { Base } from './base.ts';
import { type Changed, type MutableChanged, note } from './changed.ts';
import type { Pending } from './pending.ts';
import type { ObjectRegisters } from './refused.ts';

/** Of how many actors one property is remembered, in case that the newest is taken back; of more, the oldest are forgotten. */
export const MAX_LIVE_ACTORS = 8;

/** Of so many objects, with so many registers each, every one is looked at by itself. */
const FEW = 8;

type Registers = ReadonlyMap<Path, Register>;

const NONE: Registers = new Map();

interface Known {
  readonly actor: ActorId;
  readonly base: Pick<Base, 'isEmpty' | 'objects' | 'purgeOf' | 'dominates'>;
  readonly pending: Pick<Pending, 'objects' | 'isOwn' | 'holds'>;
}

/**
 * What was heard of others and the room was not seen to hold. Provisional: the base takes it over, or it is taken back.
 * What an actor wrote is hidden by what another wrote later, not replaced, so that it shows again when that is taken back.
 */
export class Live {
  readonly #known: Known;
  readonly #newest = new RegisterStore();
  /** The newest that was heard, object by object. */
  readonly objects: ObjectRows = this.#newest.objects;
  readonly actors: ActorClaims = this.#newest.actors;
  /** What newer registers of others hide, the newest first. */
  readonly #hidden = new Map<ObjectId, Map<Path, readonly Register[]>>();
  /** What only peers said, whom no journal stands behind. */
  #unkept = new WeakSet<Register>();
  #isAllKept = true;

  constructor(known: Known) {
    this.#known = known;
  }

  toPatch(): Patch {
    return this.#newest.toPatch();
  }

  /** What shows and only peers said, with who claims to have written it. */
  unkept(): Patch {
    if (this.#isAllKept) return patchOf({});
    const registers = [...this.#newest.ids()].flatMap((id) => this.#unkeptOf(id));
    const authors = new Set(registers.map(({ register }) => register.stamp.actor));
    return patchOf({ registers, actors: [...this.actors].filter(([actor]) => authors.has(actor)) });
  }

  /** Whether a relay said all that is here of an object. */
  isKept(id: ObjectId): boolean {
    return this.#isAllKept || this.#unkeptOf(id).length === 0;
  }

  /**
   * Joins what is new, and says where; `NewObjects` where nobody knew anything of them.
   *
   * @param isKept whether a relay says it, and not just a peer
   */
  hear(heard: Patch, isKept = true): Changed {
    if (isKept && this.#isAllKept && isFew(heard)) return this.#hearFew(heard);
    const { patch, isUnknown } = this.#newsIn(heard);
    if (!isKept) this.#noteUnkept(patch);
    else if (!this.#isAllKept) this.#noteKept(heard);
    if (this.objects.size > 0)
      for (const [id, { registers }] of patch.objects) this.#hideAll(id, this.objects.get(id), registers);
    const changed = this.#newest.join(patch);
    this.#forgetActors();
    return isUnknown || !(changed instanceof NewObjects) ? changed : new Map(changed);
  }

  /** `hear` register by register: what many have in common takes longer to find out. */
  #hearFew({ objects, actors }: Patch): Changed {
    const changed: MutableChanged = new Map();
    for (const [id, { registers }] of objects)
      for (const [path, register] of registers) {
        if (!this.#isNews(id, path, register)) continue;
        const held = this.objects.get(id)?.get(path);
        if (held !== undefined) this.#hide(id, path, held, register);
        if (this.#newest.put(id, path, register)) note(changed, id, path);
      }
    // Who wrote nothing that is here needs no claim.
    if (this.objects.size > 0) this.#newest.claim(actors);
    return changed;
  }

  /** Takes one register back; what it had hidden comes up again. */
  retract({ id, path, register }: RegisterEntry): void {
    const hidden = this.#hidden.get(id)?.get(path) ?? [];
    if (isSameRegister(this.objects.get(id)?.get(path), register)) {
      const [next, ...rest] = hidden;
      this.#newest.remove(id, path);
      if (next !== undefined)
        this.#newest.join(patchOf({ registers: [{ id, path, register: next }], actors: [] }));
      this.#setHidden(id, path, rest);
    } else
      this.#setHidden(
        id,
        path,
        hidden.filter((other) => !isSameRegister(other, register)),
      );
    this.#forgetActors();
  }

  /** Of these registers those that are the newest here. */
  newestOf(registers: ObjectRegisters): RegisterEntry[] {
    return [...registers].flatMap(([id, paths]) =>
      [...paths].flatMap(([path, register]) =>
        isSameRegister(this.objects.get(id)?.get(path), register) ? [{ id, path, register }] : [],
      ),
    );
  }

  /** Forgets an object of which the base holds the very same by now; `false` where it holds something else. */
  handOver(id: ObjectId): boolean {
    const registers = this.objects.get(id);
    const held = this.#known.base.objects.get(id);
    if (registers === undefined || held === undefined || !isSameRegisters(held, registers)) return false;
    this.#newest.replace(id, null);
    this.#hidden.delete(id);
    this.#forgetActors();
    return true;
  }

  /** Forgets what the base dominates of an object by now, and says where. */
  leave(id: ObjectId): readonly Path[] {
    const { base } = this.#known;
    const registers = this.objects.get(id);
    if (registers === undefined) return [];
    for (const [path, hidden] of this.#hidden.get(id) ?? [])
      this.#setHidden(
        id,
        path,
        hidden.filter((register) => !base.dominates(id, path, register)),
      );
    const left = [...registers].filter(([path, register]) => !base.dominates(id, path, register));
    if (left.length === registers.size) return [];
    const kept = new Map(left);
    const gone = [...registers.keys()].filter((path) => !kept.has(path));
    this.#newest.replace(id, left.length === 0 ? null : { registers: kept, purge: null });
    this.#forgetActors();
    return gone;
  }

  /** Whoever wrote nothing that is here needs no claim; and a patch that was shared whole is let go of. */
  #forgetActors(): void {
    if (this.objects.size > 0) return;
    this.#newest.clear();
    this.#unkept = new WeakSet();
    this.#isAllKept = true;
  }

  #unkeptOf(id: ObjectId): RegisterEntry[] {
    return [...(this.objects.get(id) ?? [])].flatMap(([path, register]) =>
      this.#unkept.has(register) ? [{ id, path, register }] : [],
    );
  }

  /** What a relay said stays so when a peer says it too. */
  #noteUnkept({ objects }: Patch): void {
    for (const [id, { registers }] of objects)
      for (const [path, register] of registers)
        if (this.#held(id, path, register) === undefined) this.#unkept.add(register);
    this.#isAllKept = false;
  }

  /** What a peer said is a relay's once that says it. */
  #noteKept({ objects }: Patch): void {
    for (const [id, { registers }] of objects) {
      if (!this.objects.has(id)) continue;
      for (const [path, register] of registers) {
        const held = this.#held(id, path, register);
        if (held !== undefined) this.#unkept.delete(held);
      }
    }
  }

  /** The very register that is here, be it hidden. */
  #held(id: ObjectId, path: Path, register: Register): Register | undefined {
    const known = [this.objects.get(id)?.get(path), ...(this.#hidden.get(id)?.get(path) ?? [])];
    return known.find((each) => isSameRegister(each, register));
  }

  /** Without what the base dominates, and without echoes of this client; the patch itself where all of it is new. */
  #newsIn(heard: Patch): { readonly patch: Patch; readonly isUnknown: boolean } {
    if (this.#isAllNews(heard)) return { patch: heard, isUnknown: true };
    const objects = new Map<ObjectId, ObjectPatch>();
    let isWhole = true;
    let isUnknown = true;
    for (const [id, said] of heard.objects) {
      const isKnown = this.#isKnown(id);
      const news = this.#newsOf(id, said.registers, isKnown);
      isUnknown = isUnknown && !isKnown;
      const isSaid = news === said.registers && said.purge === null;
      isWhole = isWhole && isSaid;
      if (news.size > 0) objects.set(id, isSaid ? said : { registers: news, purge: null });
    }
    return { patch: isWhole ? heard : { objects, actors: heard.actors }, isUnknown };
  }

  /** Whether that can be told without a look at each object: who comes into a world knows nothing yet. */
  #isAllNews(heard: Patch): boolean {
    const { base, pending, actor } = this.#known;
    const summary = summaryOf(heard);
    if (summary === undefined || summary.latest.purge !== null || summary.writers.has(actor)) return false;
    return base.isEmpty && pending.objects.size === 0 && this.objects.size === 0;
  }

  #newsOf(id: ObjectId, registers: Registers, isKnown: boolean): Registers {
    const { base, actor } = this.#known;
    if (isHeldWhole(base.objects.get(id), registers) || isHeldWhole(this.objects.get(id), registers))
      return NONE;
    if (!isKnown && !speaksFor(registers, actor)) return registers;
    const isNews = (path: Path, register: Register): boolean => this.#isNews(id, path, register);
    for (const [path, register] of registers)
      if (!isNews(path, register)) return new Map([...registers].filter((each) => isNews(...each)));
    return registers;
  }

  #isNews(id: ObjectId, path: Path, register: Register): boolean {
    const { base, pending, actor } = this.#known;
    if (register.stamp.actor === actor || base.dominates(id, path, register)) return false;
    return !pending.holds({ id, path, register }) || !pending.isOwn({ id, path, register });
  }

  /** Whether base or pending say anything of an object. */
  #isKnown(id: ObjectId): boolean {
    const { base, pending } = this.#known;
    return base.objects.get(id) !== undefined || base.purgeOf(id) !== null || pending.objects.has(id);
  }

  #hideAll(id: ObjectId, held: Registers | undefined, heard: Registers): void {
    if (held === undefined) return;
    for (const [path, register] of heard) {
      const known = held.get(path);
      if (known !== undefined) this.#hide(id, path, known, register);
    }
  }

  #hide(id: ObjectId, path: Path, held: Register, heard: Register): void {
    // Of one actor the newer replaces the older, and nothing is hidden.
    if (held.stamp.actor === heard.stamp.actor) return;
    const hidden = this.#hidden.get(id)?.get(path);
    if (hidden !== undefined) {
      const [, ...rest] = newestByActor([held, heard, ...hidden]);
      this.#setHidden(id, path, rest);
    } else this.#setHidden(id, path, [compareRegisters(held, heard) < 0 ? held : heard]);
  }

  #setHidden(id: ObjectId, path: Path, hidden: readonly Register[]): void {
    const paths = this.#hidden.get(id) ?? new Map<Path, readonly Register[]>();
    if (hidden.length > 0) paths.set(path, hidden);
    else paths.delete(path);
    if (paths.size > 0) this.#hidden.set(id, paths);
    else this.#hidden.delete(id);
  }
}

/** Of each actor the newest, the newest first. Bounded: what falls out can never be among the newest again. */
function newestByActor(registers: readonly Register[]): Register[] {
  const byActor = new Map<ActorId, Register>();
  for (const register of [...registers].sort((a, b) => compareRegisters(b, a)))
    if (!byActor.has(register.stamp.actor)) byActor.set(register.stamp.actor, register);
  return [...byActor.values()].slice(0, MAX_LIVE_ACTORS);
}

function isFew({ objects }: Patch): boolean {
  if (objects.size > FEW) return false;
  for (const { registers } of objects.values()) if (registers.size > FEW) return false;
  return true;
}

function isHeldWhole(held: Registers | undefined, registers: Registers): boolean {
  return held !== undefined && isSameRegisters(held, registers);
}

function speaksFor(registers: Registers, actor: ActorId): boolean {
  if (registers instanceof RowRegisters) return registers.isWrittenBy(actor);
  for (const { stamp } of registers.values()) if (stamp.actor === actor) return true;
  return false;
}
