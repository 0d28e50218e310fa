import type { Path } from '../ids.ts';
import { isSameRegister, type Register } from './register.ts';
import { RowRegisters } from './row-registers.ts';

type Registers = ReadonlyMap<Path, Register>;

/** Whether both hold the same registers of an object. Two readings of one world are told to be so without making any. */
export function isSameRegisters(a: Registers, b: Registers): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  if (a instanceof RowRegisters && b instanceof RowRegisters) return a.isSameAs(b);
  for (const [path, register] of a) if (!isSameRegister(b.get(path), register)) return false;
  return true;
}
