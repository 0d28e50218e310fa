import { isActorId, Replica } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { patchJson } from './notation.ts';
import { randomPatch, times } from './random-patch.ts';
import { SEED, type VectorFile } from './vector-file.ts';

const CASES = 30;
/** Later than every stamp of a random patch. */
const NOW_MS = 4_000_000_000_000;

export function generatedSetHashes(): VectorFile {
  return {
    kind: 'set-hashes',
    description: 'The set hash of a base that joined these patches. Generated.',
    cases: times(CASES, (at) => {
      const random = new SeededRandom(`${SEED}/set-hash/${at}`);
      const patches = times(at % 4, () => randomPatch(random));
      const [actor] = ['actor-mine--'].filter(isActorId);
      if (actor === undefined) throw new TypeError('no actor');
      const replica = new Replica({ actor, now: () => NOW_MS });
      for (const patch of patches) replica.receive(patch, 'matrix');
      return {
        name: `seed ${random.seed}`,
        why: 'core hashes it so',
        patches: patches.map(patchJson),
        hash: replica.setHash(),
      };
    }),
  };
}
