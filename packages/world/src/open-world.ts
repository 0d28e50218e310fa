import { connectHomeserver, parseRoomReference } from '@weft/matrix';
import { enterWorld } from './enter-world.ts';
import { homeserverLogin, type WorldLogin } from './login.ts';
import { systemPlatform } from './platform.ts';
import type { World } from './world.ts';

export interface OpenWorldOptions {
  readonly login: WorldLogin;
  /** Servers to join through, where the address names none and the homeserver does not know the room. */
  readonly via?: readonly string[];
  /** Keeps the world: writes again what the room lost of others' work, before other members would. Default `false`. */
  readonly guardian?: boolean;
  /** Gives up opening; an open world is closed by `World.close`. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a world: signs in, joins the room where needed, reads all of it, follows it until `close`.
 *
 * Cost: one sync and one reading of the room's state (5,000 objects: about a second on a local homeserver).
 *
 * @param ref a room id, an alias, a `matrix:` link or a `https://matrix.to` link
 * @throws WeftError `invalid-id` for an address that is none
 * @throws HomeserverError `unreachable`, `not-a-homeserver`, `unknown-token`, `not-found`, `forbidden`, `not-a-world`
 */
export async function openWorld(ref: string, options: OpenWorldOptions): Promise<World> {
  const { login, via = [], guardian = false, signal } = options;
  const { room, via: named } = parseRoomReference(ref);
  const homeserver = await connectHomeserver(homeserverLogin(login), {
    timers: systemPlatform.timers,
    ...(signal === undefined ? {} : { signal }),
  });
  return enterWorld(homeserver, {
    room,
    via: [...via, ...named],
    platform: systemPlatform,
    guardian,
    signal,
  });
}
