import { expect } from 'vitest';
import {
  type BlobPointer,
  type EncodedContent,
  type EventContent,
  isBlobSource,
  type ObjectId,
  type Patch,
  parseObjectId,
  parsePath,
  patchOf,
  type UserId,
  writerHashOf,
} from '../src/index.ts';
import { ACTOR_IDS, BASE_TIME } from './arbitraries.ts';

/** A patch that gives each of these objects a name. */
export function naming(ids: Iterable<ObjectId>, nameOf = (id: ObjectId): string => `Thing ${id}`): Patch {
  const [actor = expect.fail()] = ACTOR_IDS;
  const path = parsePath('node.name');
  const registers = Array.from(ids, (id) => ({
    id,
    path,
    register: { value: nameOf(id), stamp: { time: BASE_TIME, actor } },
  }));
  return patchOf({ registers });
}

export function objectIds(count: number): ObjectId[] {
  return Array.from({ length: count }, (_, at) => parseObjectId(`object-${at}`));
}

export function personalId(owner: UserId, name: string): ObjectId {
  return parseObjectId(`u_${writerHashOf(owner)}_${name}`);
}

export function contentOf(encoded: EncodedContent): EventContent {
  return encoded.fits ? encoded.content : expect.fail(`${encoded.bytes} bytes, beyond ${encoded.beyond}`);
}

export function pointerTo(blob: Omit<BlobPointer, 'sources'>, ...sources: readonly string[]): BlobPointer {
  const { sha256, bytes, objects } = blob;
  return { sources: sources.filter(isBlobSource), sha256, bytes, objects };
}
