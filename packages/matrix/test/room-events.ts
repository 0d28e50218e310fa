import {
  type BlobPointer,
  type EncodedContent,
  encodeBundle,
  encodeObjectEvent,
  isActorId,
  isBlobSource,
  normaliseValue,
  type ObjectId,
  type Patch,
  parseObjectId,
  parsePath,
  parseTime,
  patchOf,
  type Register,
  type UserId,
  writerHashOf,
} from '@weft/core';
import { parseEventId, type RoomEvent } from '@weft/matrix';
import { expect } from 'vitest';

/** 2026, in ticks of the clock. */
export const TIME = 1_767_225_600_000 * 2048;
const MS = 1_767_225_600_000;
const ACTOR = ['actor-aaaaaa'].filter(isActorId)[0] ?? expect.fail();

/** An event as the room tells it. */
export function roomEvent(
  id: string,
  parts: Pick<RoomEvent, 'type' | 'stateKey' | 'sender' | 'content'> & Partial<RoomEvent>,
): RoomEvent {
  const event = parseEventId(`$${id.padStart(43, '0')}`);
  return { atMs: MS, replaces: null, redactedAtMs: null, ageMs: 0, ...parts, id: event };
}

/** A value, and how many ticks after the first it was written. */
export type Written = readonly [value: unknown, at: number];

export function registerOf([value, at]: Written): Register {
  return { value: normaliseValue(value, 'a value'), stamp: { time: parseTime(TIME + at), actor: ACTOR } };
}

/** A patch of `node.name` of some objects. */
export function namesOf(names: Readonly<Record<string, Written>>): Patch {
  return patchOf({
    registers: Object.entries(names).map(([id, written]) => ({
      id: parseObjectId(id),
      path: NAME,
      register: registerOf(written),
    })),
  });
}

export const NAME = parsePath('node.name');

export function contentOf(encoded: EncodedContent) {
  return encoded.fits ? encoded.content : expect.fail(`${encoded.bytes} bytes, beyond ${encoded.beyond}`);
}

export function bundleEvent(
  id: string,
  sender: UserId,
  names: Readonly<Record<string, Written>>,
  slot = 0,
): RoomEvent {
  return roomEvent(id, {
    type: 'world.weft.bundle',
    stateKey: `${writerHashOf(sender)}.${slot}`,
    sender,
    content: contentOf(encodeBundle(namesOf(names))),
  });
}

export function objectEvent(id: string, sender: UserId, object: string, written: Written): RoomEvent {
  const registers = new Map([[NAME, registerOf(written)]]);
  const content = encodeObjectEvent({ registers, actors: new Map() });
  return roomEvent(id, { type: 'world.weft.object', stateKey: object, sender, content });
}

export function personalId(owner: UserId, name: string): ObjectId {
  return parseObjectId(`u_${writerHashOf(owner)}_${name}`);
}

export function pointerTo(blob: Omit<BlobPointer, 'sources'>, ...sources: readonly string[]): BlobPointer {
  const { sha256, bytes, objects } = blob;
  return { sources: sources.filter(isBlobSource), sha256, bytes, objects };
}
