import { emptyPatch, join } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { patchJson } from './notation.ts';
import { randomPatch, times } from './random-patch.ts';
import { SEED, type VectorFile } from './vector-file.ts';

const CASES = 40;

export function generatedJoins(): VectorFile {
  return {
    kind: 'joins',
    description: 'Random patches over few objects, times and actors, so that most of them tie. Generated.',
    cases: times(CASES, (at) => {
      const random = new SeededRandom(`${SEED}/join/${at}`);
      const patches = times(2 + random.below(3), () => randomPatch(random));
      return {
        name: `seed ${random.seed}`,
        why: 'core joins them so',
        patches: patches.map(patchJson),
        joined: patchJson(patches.reduce(join, emptyPatch)),
      };
    }),
  };
}
