import { parseRoomReference } from '@weft/matrix';
import type { AssetOptions } from './assets/open-assets.ts';
import { enterWorld } from './enter-world.ts';
import { rememberAccount } from './keep/account-note.ts';
import { signIn } from './keep/late-account.ts';
import { type KeepOption, placeOf } from './keep/place.ts';
import type { LaneChoice } from './lane/lanes.ts';
import type { WorldLogin } from './login.ts';
import { systemPlatform } from './platform.ts';
import type { World } from './world.ts';

export interface OpenWorldOptions extends LaneChoice {
  readonly login: WorldLogin;
  /**
   * Where this device keeps the world. Default: IndexedDB in browsers, `none` elsewhere. What is kept is in clear, and is
   * for whoever can read the device.
   */
  readonly store?: KeepOption;
  /** Where the files that objects refer to come from, and where they are kept. */
  readonly assets?: AssetOptions;
  /** Servers to join through, where the address names none and the homeserver does not know the room. */
  readonly via?: readonly string[];
  /** Keeps the world: writes again what the room lost of others' work, before other members would. Default `false`. */
  readonly guardian?: boolean;
  /** Opens this very room, for looking, though another took its place. Default `false`: the newest is opened. */
  readonly asItWas?: boolean;
  /** Gives up opening; an open world is closed by `World.close`. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a world: signs in, joins the room where needed, goes on to the one that took its place, reads all of it, follows it
 * until `close`.
 *
 * A world that this device keeps opens as it was left where the homeserver does not answer within five seconds: it can be
 * edited, its edits are kept, and it is followed on from there when the homeserver answers.
 *
 * Cost: one sync and one reading of the room's state (5,000 objects: about a second on a local homeserver).
 *
 * @param ref a room id, an alias, a `matrix:` link or a `https://matrix.to` link
 * @throws WeftError `invalid-id` for an address that is none, `invalid-value` for `assets` that cannot be here
 * @throws StoreError `unavailable` for a `store` that cannot be here
 * @throws HomeserverError `unreachable`, `not-a-homeserver`, `unknown-token`, `not-found`, `forbidden`, `not-a-world`,
 *   `bad-upgrade` for a circle or an endless chain of replacements, or one whose rooms do not agree
 */
export async function openWorld(ref: string, options: OpenWorldOptions): Promise<World> {
  const {
    login,
    via = [],
    guardian = false,
    asItWas = false,
    lanes,
    fallbackRelays,
    signal,
    assets,
  } = options;
  const place = await placeOf(options.store);
  const { room, via: named } = parseRoomReference(ref);
  const homeserver = await signIn(login, place, systemPlatform, signal);
  const world = await enterWorld(homeserver, {
    room,
    via: [...via, ...named],
    platform: systemPlatform,
    guardian,
    ...(lanes === undefined ? {} : { lanes }),
    ...(fallbackRelays === undefined ? {} : { fallbackRelays }),
    ...(assets === undefined ? {} : { assets }),
    place,
    asItWas,
    signal,
  });
  if (place !== null) {
    const note = () => ({ userId: world.userId, offsetMs: homeserver.serverOffsetMs() });
    await rememberAccount(place, login, note());
  }
  return world;
}
