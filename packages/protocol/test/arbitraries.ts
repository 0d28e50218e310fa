import {
  type ActorId,
  actorOfUser,
  type ObjectId,
  type Patch,
  type Path,
  parseObjectId,
  parsePath,
  parseTime,
  parseUserId,
  patchOf,
  type RegisterEntry,
  readValue,
  toBase64Url,
  type Value,
} from '@weft/core';
import fc from 'fast-check';

const PATHS = ['transform.position', 'node.name', 'mesh.src', 'acme:door.open', 'text.content'].map(
  parsePath,
);
const USERS = ['@alice:example.org', '@bob:b.example.org:8448'].map(parseUserId);

const actors: fc.Arbitrary<ActorId> = fc.constantFrom(...USERS.map(actorOfUser));
const ids: fc.Arbitrary<ObjectId> = fc
  .uint8Array({ minLength: 1, maxLength: 16 })
  .map((random) => parseObjectId(`o${toBase64Url(random)}`));
const paths: fc.Arbitrary<Path> = fc.constantFrom(...PATHS);

/** What a register may hold. */
export const values: fc.Arbitrary<Value> = fc
  .jsonValue({ maxDepth: 4 })
  .map((json) => readValue(json) ?? null);

const entries: fc.Arbitrary<RegisterEntry> = fc.record({
  id: ids,
  path: paths,
  register: fc.record({
    value: values,
    stamp: fc.record({
      time: fc.integer({ min: 0, max: 2 ** 31 - 1 }).map((ticks) => parseTime(ticks * 2 ** 20)),
      actor: actors,
    }),
  }),
});

/** At least one register, none purged, many stamps. */
export const patches: fc.Arbitrary<Patch> = fc
  .tuple(
    fc.array(entries, { minLength: 1, maxLength: 40 }),
    fc.array(fc.tuple(actors, fc.array(fc.constantFrom(...USERS), { minLength: 1, maxLength: 2 })), {
      maxLength: 3,
    }),
  )
  .map(([registers, claims]) => patchOf({ registers, actors: claims }));

/** The bytes with a few of them changed, cut out, doubled or cut off. */
export function mutated(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.nat({ max: Math.max(0, bytes.length - 1) });
  const edit = fc.record({
    at: place,
    byte: fc.integer({ min: 0, max: 255 }),
    how: fc.integer({ min: 0, max: 3 }),
  });
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => {
    let list = [...bytes];
    for (const { at, byte, how } of edits) {
      if (how === 0) list[at] = byte;
      else if (how === 1) list.splice(at, 1 + (byte % 8));
      else if (how === 2) list.splice(at, 0, byte, ...list.slice(at, at + (byte % 8)));
      else if (at > 0) list = list.slice(0, at);
    }
    return Uint8Array.from(list);
  });
}
