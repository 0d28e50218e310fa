import type { AssetLoader, AssetSink } from '@weft/assets';
import type { Patch, Replica } from '@weft/core';
import type { Homeserver, RoomId, RoomSession } from '@weft/matrix';
import type { WorldIpfs } from './assets/world-ipfs.ts';
import type { Keeper } from './keep/keeper.ts';
import type { OpenLane } from './lane/world-lane.ts';
import type { Platform } from './platform.ts';

/** What an open world is made of; `enterWorld` puts it together. */
export interface WorldParts<World> {
  readonly homeserver: Homeserver;
  readonly session: RoomSession;
  readonly replica: Replica;
  readonly platform: Platform;
  readonly assets: AssetLoader;
  readonly sinks: readonly AssetSink[];
  readonly ipfs: WorldIpfs;
  /** What this device keeps of the world; `null` where it keeps nothing. */
  readonly keeper: Keeper | null;
  /** The live lane; `null` where edits travel with the room alone. */
  readonly lane: OpenLane | null;
  /** Opens the world of today on the same connection. */
  readonly reopen: (options: ReopenOptions) => Promise<World>;
}

export interface ReopenOptions {
  readonly room: RoomId;
  /** Edits that the room did not take. */
  readonly unsaved: Patch;
  readonly signal: AbortSignal | undefined;
}
