import { entriesOf, type Patch, patchOf } from '@weft/core';

/** All that the patches say, worked out at once. */
export function joinAll(patches: readonly Patch[]): Patch {
  const [only, ...others] = patches;
  if (only !== undefined && others.length === 0) return only;
  return patchOf({
    registers: patches.flatMap((patch) => [...entriesOf(patch)]),
    purges: patches.flatMap(purgesOf),
    actors: patches.flatMap(({ actors }) => [...actors]),
  });
}

function purgesOf({ objects }: Patch) {
  return [...objects].flatMap(([id, { purge }]) => (purge === null ? [] : [[id, purge] as const]));
}
