import { Type } from 'typebox';
import { MAX_PATCH_BYTES } from '../limits.ts';
import type { Field } from '../wire/field.ts';
import { bytes } from '../wire/scalars.ts';

/**
 * A patch as bytes: a relay hands on what it checked without writing it anew. MessagePack of
 * `[paths, claims, time, actor, objects, time, actor, objects, ...]`: what was written under each stamp. An `objects` is
 * `[id, registers, id, registers, ...]`, a `registers` is `[number of the path, value, ...]`, and `claims` is
 * `[actor, [user, ...], ...]`. It holds no purges: only the room purges.
 */
export type WirePatch = Uint8Array;

/** A patch within a frame; `decodeWirePatch` checks its bytes, reading the frame does not. */
export function wirePatch(description: string): Field<WirePatch> {
  const { schema, read, write } = bytes(description, MAX_PATCH_BYTES, 1);
  return { schema: Type.Unsafe({ ...schema, contentMediaType: 'application/x-weft-patch' }), read, write };
}
