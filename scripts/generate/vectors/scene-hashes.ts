import { Reduction, sceneHash } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { objectsJson } from './notation.ts';
import { times } from './random-patch.ts';
import { forest, type Objects } from './reductions.ts';
import { SEED, type VectorFile } from './vector-file.ts';

const CASES = 30;

export function generatedSceneHashes(): VectorFile {
  return {
    kind: 'scene-hashes',
    description: 'The hashes of random trees with cycles, deletions and unknown parents. Generated.',
    cases: times(CASES, (at) => {
      const random = new SeededRandom(`${SEED}/scene-hash/${at}`);
      const objects = forest(random);
      return {
        name: `seed ${random.seed}`,
        why: 'core hashes it so',
        registers: objectsJson(objects),
        hash: sceneHash(reductionOf(objects).scene),
      };
    }),
  };
}

export function reductionOf(objects: Objects): Reduction {
  const reduction = new Reduction((id) => objects.get(id));
  reduction.apply(new Map([...objects].map(([id, own]) => [id, new Set(own.keys())])), 'matrix');
  return reduction;
}
