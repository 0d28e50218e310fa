import type { Json } from '../json.ts';

/** A file under `protocol-spec/vectors/`. */
export interface VectorFile {
  readonly kind: string;
  readonly description: string;
  readonly cases: readonly ({ readonly name: string; readonly why: string } & {
    readonly [key: string]: Json;
  })[];
}

/** Part of every seed: change it to get other vectors. */
export const SEED = 'weft';
