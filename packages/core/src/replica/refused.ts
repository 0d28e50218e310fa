import type { ObjectId, Path } from '../ids.ts';
import type { RegisterEntry } from '../register/patch.ts';
import { isSameRegister, type Register } from '../register/register.ts';

/** Registers of some objects: what is dirty, or what was refused. */
export type ObjectRegisters = ReadonlyMap<ObjectId, ReadonlyMap<Path, Register>>;

/** The registers one by one, as those of a patch. */
export function* entriesIn(registers: ObjectRegisters): Generator<RegisterEntry> {
  for (const [id, paths] of registers) for (const [path, register] of paths) yield { id, path, register };
}

/** What a room refuses: objects whole, or exactly these registers. */
export type Refused = readonly ObjectId[] | ObjectRegisters;

/** Who refuses: a relay, which has the last one that it took, or the room. */
export type Refuser = 'relay' | 'room';

/** Whether an entry is of a refused object, or exactly a register that was refused. */
export function isRefused(refused: Refused, { id, path, register }: RegisterEntry): boolean {
  if (isIdList(refused)) return refused.includes(id);
  return isSameRegister(refused.get(id)?.get(path), register);
}

export function isIdList(refused: Refused): refused is readonly ObjectId[] {
  return Array.isArray(refused);
}
