import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodePatch, newActorId, type Patch, RegisterStore, Replica } from '@weft/core';
import type { Figure } from '../../record/process-report.ts';
import { START_MS } from '../../scene/catalogue.ts';
import { memoryOf } from './heap.ts';
import type { Job } from './job.ts';
import { coldAndWarm } from './repeat.ts';

const DAY_MS = 86_400_000;
const ACTOR = newActorId((length) => new Uint8Array(length));

/** From the bytes of a blob to a scene that can be read, step by step. */
export function measureOpen(job: Job): Figure[] {
  const bytes = readFileSync(job.blob);
  return coldAndWarm(() => {
    const startedMs = performance.now();
    const patch = decode(bytes);
    const decodedMs = performance.now();
    const replica = newReplica();
    replica.receive(patch, 'matrix');
    const receivedMs = performance.now();
    const store = new RegisterStore();
    store.join(patch);
    const joinedMs = performance.now();
    expectScene(replica, job);
    return {
      decode: decodedMs - startedMs,
      'join and reduce': receivedMs - decodedMs,
      'join alone': joinedMs - receivedMs,
      whole: receivedMs - startedMs,
    };
  });
}

export function measureMemory(job: Job): Figure[] {
  const { figures, held } = memoryOf(() => openReplica(job));
  if (!(held instanceof Replica)) throw new TypeError('memory: nothing is held');
  return figures;
}

export function openReplica(job: Job): Replica {
  const replica = newReplica();
  replica.receive(decode(readFileSync(job.blob)), 'matrix');
  expectScene(replica, job);
  return replica;
}

function newReplica(): Replica {
  return new Replica({ actor: ACTOR, now: () => START_MS + DAY_MS });
}

function decode(bytes: Uint8Array): Patch {
  return decodePatch(bytes, { createSha256: () => createHash('sha256') }).patch;
}

function expectScene({ scene }: Replica, { objects }: Job): void {
  if (scene.size !== objects) throw new Error(`open: expected ${objects} objects, found ${scene.size}`);
}
