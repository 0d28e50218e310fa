import { isObjectId, type ObjectId, type Path, parsePath, ROOT } from '../ids.ts';
import { JoinedRegisters } from '../register/joined-registers.ts';
import type { Register } from '../register/register.ts';
import { RowRegisters } from '../register/row-registers.ts';
import type { Value } from '../value/value.ts';

/** The registers of one object by path. */
export type Registers = ReadonlyMap<Path, Register>;

/** Finds the registers of an object; `undefined` where there are none. */
export type ReadRegisters = (id: ObjectId) => Registers | undefined;

export const PARENT_PATH = parsePath('node.parent');
export const ORDER_PATH = parsePath('node.order');
export const DELETED_PATH = parsePath('node.deleted');
export const NAME_PATH = parsePath('node.name');
export const KIND_PATH = parsePath('node.kind');
export const TAGS_PATH = parsePath('node.tags');
export const OWNER_PATH = parsePath('node.owner');
export const CREATED_PATH = parsePath('node.created');
export const LOCKED_PATH = parsePath('node.locked');

/** What a register holds; does not make the register where the object is a row of a block. */
export function valueAt(registers: Registers, path: Path): Value | undefined {
  return registers instanceof RowRegisters ? registers.valueAt(path) : registers.get(path)?.value;
}

/** `valueAt` for who keeps nothing of it: in a world that was loaded, most arrays are never made to last. */
export function peekAt(registers: Registers, path: Path): Value | undefined {
  return registers instanceof RowRegisters ? registers.peekAt(path) : registers.get(path)?.value;
}

/** Whether a component, given with its dot, holds at least one property. */
export function holds(registers: Registers, prefix: string): boolean {
  if (registers instanceof RowRegisters) return registers.holdsAny(prefix);
  for (const [path, { value }] of registers) if (value !== null && path.startsWith(prefix)) return true;
  return false;
}

/** Where an object holds a value, under the dotted name of a component or anywhere. */
export function heldPaths(registers: Registers, prefix = ''): readonly Path[] {
  if (registers instanceof RowRegisters) return registers.heldUnder(prefix);
  const paths: Path[] = [];
  for (const [path, { value }] of registers) if (value !== null && path.startsWith(prefix)) paths.push(path);
  return paths;
}

/** An object is there if any of its registers holds a value. `root` is implicit: registers under its name are ignored. */
export function isPresent(id: ObjectId, registers: Registers | undefined): registers is Registers {
  if (registers === undefined || id === ROOT) return false;
  if (registers instanceof RowRegisters) return registers.holdsAny();
  if (registers instanceof JoinedRegisters) return registers.holdsAny();
  for (const register of registers.values()) if (register.value !== null) return true;
  return false;
}

/** What the tree reads of every object. */
const TREE_PATHS: readonly Path[] = [PARENT_PATH, ORDER_PATH, DELETED_PATH];

function treeValue(registers: Registers, place: number, path: Path): Value | undefined {
  return registers instanceof RowRegisters ? registers.pickAt(TREE_PATHS, place) : registers.get(path)?.value;
}

/** What is written where the parent belongs. */
export function parentValue(registers: Registers): Value | undefined {
  return treeValue(registers, 0, PARENT_PATH);
}

/** The parent as written; the root where nothing usable is. */
export function writtenParent(registers: Registers): ObjectId {
  const value = parentValue(registers);
  return isObjectId(value) ? value : ROOT;
}

/** The order key as written; `null`, which sorts first, where there is none. */
export function writtenOrder(registers: Registers): string | null {
  const value = treeValue(registers, 1, ORDER_PATH);
  return typeof value === 'string' ? value : null;
}

export function isDeleted(registers: Registers): boolean {
  return treeValue(registers, 2, DELETED_PATH) === true;
}
