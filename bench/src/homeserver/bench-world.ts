import { encodeObjectEvent, type ObjectId, type Patch } from '@weft/core';
import {
  createWorldRoom,
  type Homeserver,
  HomeserverError,
  isRoomAlias,
  type RoomId,
  serverOf,
} from '@weft/matrix';

const OBJECT_EVENT = 'world.weft.object';
/** The homeserver serialises the writes of a room; a few at once only hide the round trips. */
const CONCURRENT_WRITES = 4;
const PROGRESS_EVERY = 250;

export interface BenchWorldOptions {
  readonly homeserver: Homeserver;
  /** Names the world: the same name must always mean the same objects. */
  readonly name: string;
  readonly patch: Patch;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * The room that holds exactly these objects, one event each. Made if there is none; a room that an interrupted run left
 * half-written is completed. About 25 objects a second the first time.
 */
export async function benchWorld(options: BenchWorldOptions): Promise<RoomId> {
  const { homeserver, name, patch, progress } = options;
  const room = (await find(homeserver, name)) ?? (await create(options));
  const { events } = await homeserver.readState(room);
  const present = new Set(events.filter(({ type }) => type === OBJECT_EVENT).map(({ stateKey }) => stateKey));
  const missing = [...patch.objects.keys()].filter((id) => !present.has(id));
  const strangers = present.size - (patch.objects.size - missing.length);
  if (strangers > 0) throw new Error(`${name} holds ${strangers} objects that are not of this workload`);
  if (missing.length > 0) await write(room, missing, options);
  else progress(`${name}: ${patch.objects.size} objects are in place`);
  return room;
}

async function find(homeserver: Homeserver, name: string): Promise<RoomId | null> {
  const alias = `#${name}:${serverOf(homeserver.userId)}`;
  if (!isRoomAlias(alias)) throw new RangeError(`"${name}" cannot be an alias`);
  try {
    return (await homeserver.resolveAlias(alias)).room;
  } catch (error) {
    if (error instanceof HomeserverError && error.code === 'not-found') return null;
    throw error;
  }
}

function create({ homeserver, name }: BenchWorldOptions): Promise<RoomId> {
  return createWorldRoom(homeserver, { title: name, alias: name, access: 'private' });
}

async function write(room: RoomId, missing: readonly ObjectId[], options: BenchWorldOptions): Promise<void> {
  const { homeserver, name, patch, progress, signal } = options;
  const queue = missing.values();
  const startedMs = performance.now();
  let written = 0;
  const worker = async (): Promise<void> => {
    for (const id of queue) {
      signal.throwIfAborted();
      const registers = patch.objects.get(id)?.registers ?? new Map();
      const content = encodeObjectEvent({ registers, actors: patch.actors, sender: homeserver.userId });
      await homeserver.sendState(room, { type: OBJECT_EVENT, stateKey: id, content });
      written += 1;
      if (written % PROGRESS_EVERY !== 0 && written !== missing.length) continue;
      const rate = (written * 1000) / (performance.now() - startedMs);
      const leftSeconds = Math.ceil((missing.length - written) / rate);
      progress(
        `${name}: ${written} of ${missing.length} objects written, ${rate.toFixed(0)} a second, ${leftSeconds} s left`,
      );
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_WRITES }, worker));
}
