import { isUserId, type UserId } from '@weft/core';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';

const FileNote = Type.Object({
  room: Type.String(),
  user: Type.String(),
  name: Type.String(),
  type: Type.String(),
  bytes: Type.Integer({ minimum: 0 }),
  atMs: Type.Number(),
  /** Each block that it is made of, once, with its size. */
  blocks: Type.Array(Type.Tuple([Type.String(), Type.Integer({ minimum: 0 })])),
});

/** What a relay remembers of a published file. */
export type FileNote = Omit<Static<typeof FileNote>, 'user'> & { readonly user: UserId };

/** A file that a world keeps at a relay, as others are told of it. */
export interface PublishedFile {
  readonly cid: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly user: UserId;
  /** Milliseconds since 1970. */
  readonly published_ms: number;
}

export function encodeNote(note: FileNote): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(note));
}

/** `null` for a record that is none; another version may have written it. */
export function decodeNote(record: Uint8Array): FileNote | null {
  try {
    const note: unknown = JSON.parse(new TextDecoder().decode(record));
    if (!Value.Check(FileNote, note)) return null;
    const { user } = note;
    return isUserId(user) ? { ...note, user } : null;
  } catch {
    return null;
  }
}
