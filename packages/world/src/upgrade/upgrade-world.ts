import { WeftError } from '@weft/core';
import {
  carryBans,
  connectHomeserver,
  findSuccessor,
  type Homeserver,
  HomeserverError,
  levelForState,
  makeSuccessor,
  moveAliases,
  parseRoomReference,
  predecessorOf,
  type RequestOptions,
  type RoomId,
  type RoomReference,
  replaceRoom,
} from '@weft/matrix';
import { homeserverLogin, type WorldLogin } from '../login.ts';
import { systemPlatform } from '../platform.ts';
import { keptOf } from './kept.ts';
import { assertWhole, type CopyPorts, type OpenRoomCopy, openForCopy, writeAll } from './room-copy.ts';

/** The steps of an upgrade, in order. Each may be cut short: the next try goes on from there. */
export type UpgradeStep = 'room' | 'objects' | 'bans' | 'names' | 'end' | 'late';

export interface UpgradeWorldOptions {
  readonly login: WorldLogin;
  readonly signal?: AbortSignal;
  /** Called before each step. */
  readonly progress?: (step: UpgradeStep) => void;
}

export interface UpgradedWorld {
  readonly room: RoomId;
  /** The room that it took the place of. */
  readonly from: RoomId;
}

const TOMBSTONE = 'm.room.tombstone';

/**
 * Moves a world to a new room, which holds what the world is now and not how it came to be: the only way in which old
 * state goes away. Its makers alone can do it. Objects keep their ids, values and stamps; deleted ones are left behind
 * after 90 days. Power levels are made anew, with the people's own; bans, rules, components and the names of the room
 * go along; whoever is in the old room may come into the new one. One that was cut short is gone on with.
 *
 * Cost: the whole world is written once, at the pace of the homeserver.
 *
 * @param ref as `openWorld` takes it
 * @throws WeftError `forbidden` for others than its makers; HomeserverError as `openWorld`
 */
export async function upgradeWorld(ref: string, options: UpgradeWorldOptions): Promise<UpgradedWorld> {
  const { signal, progress } = options;
  const homeserver = await connectHomeserver(homeserverLogin(options.login), {
    timers: systemPlatform.timers,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    return await upgradeRoom(
      { homeserver, platform: systemPlatform, signal },
      parseRoomReference(ref),
      progress,
    );
  } finally {
    homeserver.stop();
  }
}

/** The same on a homeserver that was signed in to. */
export async function upgradeRoom(
  ports: CopyPorts,
  reference: RoomReference,
  progress: (step: UpgradeStep) => void = () => undefined,
): Promise<UpgradedWorld> {
  const { homeserver, platform, signal } = ports;
  const { timers, random } = platform;
  const request: RequestOptions = signal === undefined ? {} : { signal };
  const old = await openOld(ports, reference, request);
  try {
    const from = old.session.room;
    await assertMay(old, homeserver, request);
    assertWhole(old);
    progress('room');
    const { events } = await homeserver.readState(from, request);
    const begun = await findSuccessor(homeserver, from, request);
    assertOwn(old, begun);
    const room = begun ?? (await makeSuccessor({ homeserver, timers, random }, from, events, request));
    const fresh = await openForCopy(ports, { room, via: [] });
    try {
      const carry = () => writeAll(fresh, keptOf(old.replica.toPatch(), timers.now()), signal);
      const handOver = { homeserver, timers, request };
      progress('objects');
      await carry();
      progress('bans');
      await carryBans(handOver, from, room);
      progress('names');
      await moveAliases(handOver, from, room);
      progress('end');
      await replaceRoom(handOver, from, room);
      progress('late');
      await ended(old, signal);
      await carry();
      return { room, from };
    } finally {
      fresh.session.close();
    }
  } finally {
    old.session.close();
  }
}

/** The room to be replaced: where its names lead to a room that was begun to take its place already, the one before. */
async function openOld(
  ports: CopyPorts,
  reference: RoomReference,
  request: RequestOptions,
): Promise<OpenRoomCopy> {
  const { homeserver } = ports;
  const named = await openForCopy(ports, reference);
  const create = await homeserver.readCurrent(named.session.room, 'm.room.create', '', request);
  const before = create?.sender === homeserver.userId ? predecessorOf(create) : null;
  if (before === null) return named;
  const isDone = await hasEnded(homeserver, before, request);
  if (isDone) return named;
  named.session.close();
  return openForCopy(ports, { room: before, via: [] });
}

/** Whether a room was replaced; one that cannot be seen any more was. */
async function hasEnded(homeserver: Homeserver, room: RoomId, request: RequestOptions): Promise<boolean> {
  try {
    return (await homeserver.readCurrent(room, TOMBSTONE, '', request)) !== null;
  } catch (error) {
    if (error instanceof HomeserverError && error.code === 'forbidden') return true;
    throw error;
  }
}

/** Resolves when everything before the end of the room has been heard here. */
function ended({ session }: OpenRoomCopy, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const what = `end ${session.room}`;
    const abort = () => reject(new HomeserverError('aborted', { what, got: 'it was cancelled' }));
    const stop = session.on('standing', ({ replacement }) => {
      if (replacement === null) return;
      stop();
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    if (session.standing.replacement !== null) {
      stop();
      resolve();
    } else signal?.addEventListener('abort', abort, { once: true });
  });
}

async function assertMay(
  { session }: OpenRoomCopy,
  homeserver: Homeserver,
  request: RequestOptions,
): Promise<void> {
  const levels = await homeserver.readStateEvent(session.room, 'm.room.power_levels', '', request);
  const needed = levelForState(levels, TOMBSTONE);
  const { level, encrypted } = session.standing;
  if (level >= needed && !encrypted) return;
  throw new WeftError('forbidden', {
    what: `upgrade ${session.room}`,
    expected: encrypted ? 'a world, which is not encrypted' : `a power level of at least ${needed}`,
    got: encrypted ? 'an encrypted room' : `${level} for ${homeserver.userId}`,
    hint: 'Whoever made the world can do it.',
    by: 'owner',
  });
}

/** @throws HomeserverError `bad-upgrade` where the room was replaced already, by another room than this user's own */
function assertOwn({ session }: OpenRoomCopy, begun: RoomId | null): void {
  const { replacement } = session.standing;
  if (replacement === null || replacement === begun) return;
  throw new HomeserverError('bad-upgrade', {
    what: `upgrade ${session.room}`,
    got: `it was replaced by ${replacement} already`,
    hint: `Open ${replacement}.`,
  });
}
