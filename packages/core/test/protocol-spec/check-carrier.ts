import { expect } from 'vitest';
import {
  type CarrierEvent,
  type DecodedBundle,
  type DecodedLayer,
  decodeBundle,
  decodeLayer,
  decodePersonal,
  parseUserId,
  Replica,
} from '../../src/index.ts';
import { readActor, readPatch, writePatch } from './notation.ts';
import type { CarrierCase, SetHashCase } from './vectors.ts';

/** Later than every stamp of the vectors. */
const LATE_MS = 4_000_000_000_000;

const DECODERS: Readonly<
  Record<CarrierCase['type'], (event: CarrierEvent) => DecodedBundle & Partial<DecodedLayer>>
> = {
  'world.weft.bundle': decodeBundle,
  'world.weft.personal': decodePersonal,
  'world.weft.layer': decodeLayer,
};

export function readCarrier({ type, event }: Pick<CarrierCase, 'type' | 'event'>) {
  const { stateKey, content, sender, redactedAtMs } = event;
  return DECODERS[type]({
    stateKey,
    content,
    sender: parseUserId(sender),
    ...(redactedAtMs === undefined ? {} : { redactedAtMs }),
  });
}

export function checkCarrier({ type, event, patch, problems, blob, hash, covers }: CarrierCase): void {
  const decoded = readCarrier({ type, event });
  expect(JSON.parse(JSON.stringify(writePatch(decoded.patch)))).toEqual(patch);
  expect(decoded.problems).toHaveLength(problems);
  expect(decoded.blob).toEqual(blob);
  if (hash === undefined) return;
  expect(decoded.hash).toBe(hash);
  expect(Object.fromEntries(decoded.covers ?? [])).toEqual(covers);
}

export function checkSetHash({ patches, hash }: SetHashCase): void {
  for (const order of [patches, patches.toReversed()]) {
    const replica = new Replica({ actor: readActor('actor-of-the-reader'), now: () => LATE_MS });
    for (const patch of order) replica.receive(readPatch(patch), 'matrix');
    expect(replica.setHash()).toBe(hash);
  }
}
