import { newActorId, type Patch, Replica } from '@weft/core';
import type { Channel } from '@weft/live';
import { type Homeserver, newestRoom, openRoom, type RoomAlias, type RoomId } from '@weft/matrix';
import type { StorePlace } from '@weft/store';
import { type AssetOptions, type OpenAssets, openAssets } from './assets/open-assets.ts';
import { findRoom } from './keep/find-room.ts';
import { Keeper } from './keep/keeper.ts';
import { ALL_LANES, type LaneChoice, laneFor } from './lane/lanes.ts';
import type { Platform } from './platform.ts';
import { World } from './world.ts';
import type { ReopenOptions } from './world-parts.ts';

export interface EnterOptions extends LaneChoice {
  readonly room: RoomId | RoomAlias;
  readonly via: readonly string[];
  readonly platform: Platform;
  readonly guardian?: boolean;
  /** Where this device keeps the world; `null` where it does not. */
  readonly place?: StorePlace | null;
  /** Opens this very room though another took its place. */
  readonly asItWas?: boolean;
  /** Edits that the room before this one did not take. */
  readonly unsaved?: Patch;
  /** Where files come from and are kept; those of the connection, where it has some already. */
  readonly assets?: AssetOptions | OpenAssets;
  readonly signal: AbortSignal | undefined;
}

/** Opens a world on a homeserver that was signed in to; ends the connection where that fails. */
export async function enterWorld(homeserver: Homeserver, options: EnterOptions): Promise<World> {
  const { via, platform, guardian = false, place = null, asItWas = false, unsaved, signal } = options;
  const travel = { lanes: options.lanes ?? ALL_LANES, fallbackRelays: options.fallbackRelays ?? [] };
  const { timers, random } = platform;
  const replica = new Replica({
    actor: newActorId(random),
    now: () => timers.now() + homeserver.serverOffsetMs(),
  });
  let keeper: Keeper | null = null;
  let world: World | null = null;
  try {
    const assets = await assetsOf(homeserver, platform, options.assets ?? {});
    const found = await findRoom(homeserver, options.room, place, timers);
    const { room } = found;
    const user = homeserver.userId;
    if (place !== null) keeper = new Keeper({ place, user, room, replica, platform });
    const journal = (await keeper?.open()) ?? null;
    const session = await openRoom({
      homeserver,
      room,
      via: [...via, ...found.via],
      replica,
      timers,
      random,
      guardian,
      asItWas,
      fetchBlob: assets.fetchBlob,
      isUnchanged: (digest) => isUnchanged(world?.channel ?? null, digest),
      ...(journal === null ? {} : { journal }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (unsaved !== undefined) session.write(unsaved, 'local');
    const lane = await laneFor({ homeserver, session, replica }, travel, platform.makeLane);
    const reopen = async ({ room: old, signal: until, ...rest }: ReopenOptions) => {
      const room = await newestRoom(homeserver, old, [], until === undefined ? {} : { signal: until });
      const same = { via: [], platform, guardian, place, assets, ...travel };
      return enterWorld(homeserver, { ...same, room, signal: until, ...rest });
    };
    world = new World({
      ...{ homeserver, session, replica, platform, keeper, lane, reopen },
      assets: assets.loader,
      sinks: assets.sinks,
      ipfs: assets.ipfs,
    });
    return world;
  } catch (error) {
    await keeper?.close();
    homeserver.stop();
    throw error;
  }
}

async function assetsOf(
  homeserver: Homeserver,
  { timers }: Platform,
  assets: AssetOptions | OpenAssets,
): Promise<OpenAssets> {
  return 'loader' in assets ? assets : openAssets(homeserver, timers, assets);
}

/** Whether the relay says that the room is what this client knows. It may be wrong: whatever gives doubt is read all the same. */
async function isUnchanged(channel: Channel | null, digest: string): Promise<boolean> {
  return (await channel?.digest())?.stateDigest === digest;
}
