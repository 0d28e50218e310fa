import {
  type DecodedFile,
  encodeBlob,
  entriesOf,
  type FileInfo,
  isPersonalObjectId,
  type Patch,
  parseUserId,
  patchOf,
  quarantineHorizon,
  RegisterStore,
  sha256HexOf,
  splitAt,
  WeftError,
} from '@weft/core';
import {
  connectHomeserver,
  createWorldRoom,
  FILE_KEY,
  type Homeserver,
  ownWorlds,
  type RequestOptions,
  type RoomEvent,
  WORLD_EVENT,
} from '@weft/matrix';
import type { StorePlace } from '@weft/store';
import type { NewWorld } from '../create-world.ts';
import { enterWorld } from '../enter-world.ts';
import { type KeepOption, placeOf } from '../keep/place.ts';
import { homeserverLogin, type WorldLogin } from '../login.ts';
import { type Platform, systemPlatform } from '../platform.ts';
import {
  assertWhole,
  type CopyPorts,
  type OpenRoomCopy,
  openForCopy,
  writeAll,
} from '../upgrade/room-copy.ts';
import type { World } from '../world.ts';
import { type FileSource, readFileSource } from './file-source.ts';
import { stateOf } from './policy.ts';

/** What the new world is like; the title is that of the file by default. */
export type WorldFromFile = Omit<NewWorld, 'seed' | 'title'> & Partial<Pick<NewWorld, 'title'>>;

export interface CreateWorldFromOptions extends WorldFromFile {
  readonly login: WorldLogin;
  /** Where this device keeps the world; as `openWorld` says. */
  readonly store?: KeepOption;
}

/** A world that was made from a file. */
export interface WorldOfFile {
  readonly world: World;
  /** What the new world does not hold of the file: what was malformed, and personal objects. */
  readonly problems: DecodedFile['problems'];
  /** Whether a room was gone on with that the same call had made before. */
  readonly continued: boolean;
}

/**
 * Makes a world of what `World.export` wrote, and opens it as its owner: the same objects under their ids, stamps and
 * authors, deleted ones included, under the same rules and declared components. People, roles and the past are not in a
 * file, and personal objects are left to their owners' clients. Where it was cut short, the same call goes on with the
 * room that it had made; it makes another one once somebody has changed that. Nobody vouches for a file: look at a stranger's with `openFile` first.
 *
 * Cost: a request for each of the user's rooms, at most 1,000, and the whole world written once.
 *
 * @throws WeftError `bad-file` for what is no file, or is stamped in the future; `limit` as `openFile`
 * @throws HomeserverError as `createWorld`
 */
export async function createWorldFrom(
  source: FileSource,
  { login, store, ...options }: CreateWorldFromOptions,
): Promise<WorldOfFile> {
  const { signal } = options;
  const file = readFileSource(source);
  const place = await placeOf(store);
  const homeserver = await connectHomeserver(homeserverLogin(login), {
    timers: systemPlatform.timers,
    ...(signal === undefined ? {} : { signal }),
  });
  return createWorldOfFile(homeserver, file, options, systemPlatform, place);
}

/** The same on a homeserver that was signed in to; ends the connection where it fails. */
export async function createWorldOfFile(
  homeserver: Homeserver,
  file: DecodedFile,
  options: WorldFromFile,
  platform: Platform,
  place: StorePlace | null = null,
): Promise<WorldOfFile> {
  const { lanes, fallbackRelays, signal } = options;
  const ports: CopyPorts = { homeserver, platform, signal };
  try {
    const patch = writableOf(file.patch, platform.timers.now() + homeserver.serverOffsetMs());
    const { copy, continued } = await roomFor(ports, { ...file, patch }, options);
    const { room } = copy.session;
    try {
      await writeAll(copy, patch, signal);
    } finally {
      copy.session.close();
    }
    const world = await enterWorld(homeserver, {
      ...{ room, via: [], platform, place, signal },
      ...(lanes === undefined ? {} : { lanes }),
      ...(fallbackRelays === undefined ? {} : { fallbackRelays }),
    });
    return { world, problems: [...file.problems, ...personalOf(file.patch)], continued };
  } catch (error) {
    homeserver.stop();
    throw error;
  }
}

/** The room that the same call made before, where nobody changed it since it was full; otherwise a new one. */
async function roomFor(
  ports: CopyPorts,
  { patch, info }: Pick<DecodedFile, 'patch' | 'info'>,
  { title, alias, access = 'private', invite = [], levels = {}, signal }: WorldFromFile,
): Promise<{ readonly copy: OpenRoomCopy; readonly continued: boolean }> {
  const { homeserver, platform } = ports;
  const request: RequestOptions = signal === undefined ? {} : { signal };
  const state = stateOf(info.policy ?? {});
  const name = title ?? titleOf(info);
  const asked = [encodeBlob(patch).sha256, state, name, alias ?? null, access, invite, levels];
  const digest = sha256HexOf(new TextEncoder().encode(JSON.stringify(asked)));
  const isSame = ({ content }: RoomEvent) => content[FILE_KEY] === digest;
  const newest = (await ownWorlds(homeserver, isSame, request)).at(-1);
  if (newest !== undefined) {
    const copy = await openForCopy(ports, { room: newest, via: [] });
    if (isUnfinished(copy, patch)) return { copy, continued: true };
    copy.session.close();
  }
  const room = await createWorldRoom(homeserver, {
    title: name,
    access,
    invite: invite.map(parseUserId),
    levels: Object.fromEntries(Object.entries(levels).map(([user, level]) => [parseUserId(user), level])),
    state: state.map((each) =>
      each.type === WORLD_EVENT ? { ...each, content: { ...each.content, title: name } } : each,
    ),
    creation: { [FILE_KEY]: digest },
    timers: platform.timers,
    random: platform.random,
    ...(alias === undefined ? {} : { alias }),
    ...request,
  });
  return { copy: await openForCopy(ports, { room, via: [] }), continued: false };
}

function titleOf({ title, policy }: FileInfo): string {
  const said = policy?.world?.title;
  return (typeof said === 'string' ? said : '') || title || 'A world';
}

/** Whether a room that was made for a file still waits for some of it, or holds that and nothing else. */
function isUnfinished(copy: OpenRoomCopy, patch: Patch): boolean {
  assertWhole(copy);
  const { base } = copy.replica;
  for (const { id, path, register } of entriesOf(patch)) if (!base.dominates(id, path, register)) return true;
  const file = new RegisterStore();
  file.join(patch);
  for (const { id, path, register } of entriesOf(copy.replica.toPatch()))
    if (!file.dominates(id, path, register)) return false;
  return true;
}

/** What a new room can be given of a file: no purges, since nothing in it holds what they took. */
function writableOf({ objects, actors }: Patch, nowMs: number): Patch {
  const own = new Map([...objects].filter(([id]) => !isPersonalObjectId(id)));
  const patch = patchOf({ registers: entriesOf({ objects: own, actors }), actors });
  if (splitAt(patch, quarantineHorizon(nowMs)).admitted === patch) return patch;
  throw new WeftError('bad-file', {
    what: 'make a world from a file',
    expected: 'values that were written before now',
    got: 'some that are stamped more than ten minutes ahead of the homeserver',
    hint: 'A clock was wrong where it was written. Make a new world and import it there as a copy.',
  });
}

function personalOf({ objects }: Patch): DecodedFile['problems'] {
  return [...objects.keys()].filter(isPersonalObjectId).map((id) => ({
    carrier: id,
    path: null,
    reason: 'only its owner’s own clients may write it; it was left out',
  }));
}
