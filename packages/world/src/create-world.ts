import { composeEdit, type EditDraft, newActorId, type Patch, parseUserId, Replica } from '@weft/core';
import { type Access, connectHomeserver, createWorldRoom, type Homeserver } from '@weft/matrix';
import type { RelayTransport } from '@weft/protocol';
import type { StorePlace } from '@weft/store';
import type { AssetOptions } from './assets/open-assets.ts';
import { enterWorld } from './enter-world.ts';
import { type KeepOption, placeOf } from './keep/place.ts';
import type { LaneChoice } from './lane/lanes.ts';
import { homeserverLogin, type WorldLogin } from './login.ts';
import { type Platform, systemPlatform } from './platform.ts';
import type { World } from './world.ts';

/** What a new world is like. */
export interface NewWorld extends LaneChoice {
  /** 1 to 255 characters. */
  readonly title: string;
  /** `#name:server` on this homeserver, or its name alone. */
  readonly alias?: string;
  /** `private` (the default): those invited come in. `public`: whoever knows the address. */
  readonly access?: Access;
  /** Matrix user ids. */
  readonly invite?: readonly string[];
  /** Power levels by user id: 25 builder, 50 steward, 100 owner. The creator has them all. */
  readonly levels?: Readonly<Record<string, number>>;
  /** Relays of the live lane, which come in as builders: tried first by everyone, and trusted; as of `World.inviteRelay`. */
  readonly relays?: readonly RelayTransport[];
  /** The first objects, at most 100: part of the room from its first moment. */
  readonly seed?: (draft: EditDraft) => void;
  /** As `openWorld` takes it. */
  readonly assets?: AssetOptions;
  readonly signal?: AbortSignal;
}

export interface CreateWorldOptions extends NewWorld {
  readonly login: WorldLogin;
  /** Where this device keeps the world; as `openWorld` says. */
  readonly store?: KeepOption;
}

/**
 * Makes a room that is a world, and opens it as its owner.
 *
 * @throws WeftError `limit` for more than 100 objects or a title that is too long, `invalid-id`, and what the seed throws
 * @throws HomeserverError `in-use` for an alias that is taken, `unsupported` without room version 12, and as `openWorld`
 */
export async function createWorld({ login, store, ...options }: CreateWorldOptions): Promise<World> {
  const { signal } = options;
  const place = await placeOf(store);
  const homeserver = await connectHomeserver(homeserverLogin(login), {
    timers: systemPlatform.timers,
    network: systemPlatform.network,
    ...(signal === undefined ? {} : { signal }),
  });
  return createWorldOn(homeserver, options, systemPlatform, place);
}

/** The same on a homeserver that was signed in to; ends the connection where it fails. */
export async function createWorldOn(
  homeserver: Homeserver,
  options: NewWorld,
  platform: Platform,
  place: StorePlace | null = null,
): Promise<World> {
  const {
    title,
    alias,
    access = 'private',
    invite = [],
    levels = {},
    relays = [],
    seed,
    lanes,
    fallbackRelays,
    assets,
    signal,
  } = options;
  const { timers, random } = platform;
  try {
    const room = await createWorldRoom(homeserver, {
      title,
      access,
      invite: invite.map(parseUserId),
      levels: Object.fromEntries(Object.entries(levels).map(([user, level]) => [parseUserId(user), level])),
      relays,
      timers,
      random,
      ...(alias === undefined ? {} : { alias }),
      ...(seed === undefined ? {} : { seed: composeSeed(homeserver, seed, platform) }),
      ...(signal === undefined ? {} : { signal }),
    });
    return await enterWorld(homeserver, {
      ...{ room, via: [], platform, place, signal },
      ...(lanes === undefined ? {} : { lanes }),
      ...(fallbackRelays === undefined ? {} : { fallbackRelays }),
      ...(assets === undefined ? {} : { assets }),
    });
  } catch (error) {
    homeserver.stop();
    throw error;
  }
}

function composeSeed(
  homeserver: Homeserver,
  seed: (draft: EditDraft) => void,
  { timers, random }: Platform,
): Patch {
  const now = () => timers.now() + homeserver.serverOffsetMs();
  const replica = new Replica({ actor: newActorId(random), now });
  const access = { userId: homeserver.userId, level: Number.POSITIVE_INFINITY };
  return composeEdit<void>(replica, access, random, seed).patch;
}
