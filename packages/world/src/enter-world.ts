import { newActorId, Replica } from '@weft/core';
import { type Homeserver, openRoom, type RoomAlias, type RoomId } from '@weft/matrix';
import type { Platform } from './platform.ts';
import { World } from './world.ts';

export interface EnterOptions {
  readonly room: RoomId | RoomAlias;
  readonly via: readonly string[];
  readonly platform: Platform;
  readonly guardian?: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Opens a world on a homeserver that was signed in to; ends the connection where that fails. */
export async function enterWorld(homeserver: Homeserver, options: EnterOptions): Promise<World> {
  const { room, via, platform, guardian = false, signal } = options;
  const { timers, random } = platform;
  const replica = new Replica({
    actor: newActorId(random),
    now: () => timers.now() + homeserver.serverOffsetMs(),
  });
  try {
    const session = await openRoom({
      homeserver,
      room,
      via,
      replica,
      timers,
      random,
      guardian,
      ...(signal === undefined ? {} : { signal }),
    });
    return new World({ homeserver, session, replica, platform });
  } catch (error) {
    homeserver.stop();
    throw error;
  }
}
