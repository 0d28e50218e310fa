import type { EditAccess } from '../edit/access.ts';
import { patchOf, type RegisterEntry } from '../register/patch.ts';
import type { Replica } from '../replica/replica.ts';
import type { Registers } from '../scene/facts.ts';
import { checkPermission } from './check-permission.ts';
import { passes } from './passes.ts';

/**
 * Whether somebody may write a register that is shown already. Who may not was refused when it came: what they or others wrote
 * on the lane since then, a lock say, is not held against it where the room still allows it; nor is it that the room does
 * not hold yet what allowed it.
 */
export function mayStillWrite(
  replica: Pick<Replica, 'base' | 'registers' | 'check'>,
  access: EditAccess,
  { id, path, register }: RegisterEntry,
): boolean {
  const mayBy = (registers: Registers | undefined): boolean =>
    passes(() => checkPermission(access, id, registers ?? new Map(), [[path, register.value]]));
  return (
    (mayBy(replica.base.get(id)) || mayBy(replica.registers(id))) &&
    passes(() => replica.check(patchOf({ registers: [{ id, path, register }] }), access))
  );
}
