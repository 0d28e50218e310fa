import {
  type Access,
  connectHomeserver,
  createWorldRoom,
  type Homeserver,
  parseRoomReference,
  type RequestOptions,
  type RoomId,
  type RoomReference,
  type StateContent,
  WORLD_EVENT,
  worldStateOf,
} from '@weft/matrix';
import { homeserverLogin, type WorldLogin } from '../login.ts';
import { systemPlatform } from '../platform.ts';
import { keptOf } from './kept.ts';
import { assertWhole, type CopyPorts, openForCopy, writeAll } from './room-copy.ts';

/** What the copy of a world is like. */
export interface CloneOptions {
  /** Default the title of the original. */
  readonly title?: string;
  /** `#name:server` on this homeserver, or its name alone. */
  readonly alias?: string;
  /** Default `private`. */
  readonly access?: Access;
}

export interface CloneWorldOptions extends CloneOptions {
  readonly login: WorldLogin;
  readonly signal?: AbortSignal;
}

export interface ClonedWorld {
  readonly room: RoomId;
  readonly title: string;
  /** The room that it is a copy of. */
  readonly from: RoomId;
}

/**
 * Makes a world of one's own with the scene, the rules and the declared components of another, as they are now. Objects
 * keep their ids, stamps and authors, so that the two can be compared and brought together again; people, roles and the
 * past stay behind. Whoever may look at a world may clone it.
 *
 * Cost: the whole world is read and written once.
 *
 * @param ref as `openWorld` takes it
 * @throws WeftError and HomeserverError as `openWorld` and `createWorld`
 */
export async function cloneWorld(
  ref: string,
  { login, signal, ...options }: CloneWorldOptions,
): Promise<ClonedWorld> {
  const homeserver: Homeserver = await connectHomeserver(homeserverLogin(login), {
    timers: systemPlatform.timers,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    return await cloneRoom(
      { homeserver, platform: systemPlatform, signal },
      parseRoomReference(ref),
      options,
    );
  } finally {
    homeserver.stop();
  }
}

/** The same on a homeserver that was signed in to. */
export async function cloneRoom(
  ports: CopyPorts,
  reference: RoomReference,
  { title, alias, access = 'private' }: CloneOptions,
): Promise<ClonedWorld> {
  const { homeserver, platform, signal } = ports;
  const { timers, random } = platform;
  const request: RequestOptions = signal === undefined ? {} : { signal };
  const original = await openForCopy(ports, reference, false);
  try {
    assertWhole(original);
    const from = original.session.room;
    const { events } = await homeserver.readState(from, request);
    const name = title ?? (original.session.standing.title || 'A world');
    const room = await createWorldRoom(homeserver, {
      title: name,
      access,
      state: worldStateOf(events).map((state) => titled(state, name)),
      timers,
      random,
      ...(alias === undefined ? {} : { alias }),
      ...request,
    });
    const copy = await openForCopy(ports, { room, via: [] });
    try {
      await writeAll(copy, keptOf(original.replica.toPatch(), timers.now()), signal);
    } finally {
      copy.session.close();
    }
    return { room, title: name, from };
  } finally {
    original.session.close();
  }
}

function titled(state: StateContent, title: string): StateContent {
  return state.type === WORLD_EVENT ? { ...state, content: { ...state.content, title } } : state;
}
