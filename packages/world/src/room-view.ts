import type { AssetLoading, AssetSink, PublishedAsset } from '@weft/assets';
import type { Replica } from '@weft/core';
import {
  type Homeserver,
  type InviteRelayOptions,
  inviteRelay,
  type RoomId,
  type RoomSession,
  type Verification,
} from '@weft/matrix';
import type { RelayTransport } from '@weft/protocol';
import { type UploadedAsset, type UploadOptions, uploadAsset } from './assets/upload.ts';
import { policyOf } from './file/policy.ts';
import { writeFile } from './file/write-file.ts';
import type { MomentTime } from './history/moment-time.ts';
import {
  type HistoryOptions,
  type LogOptions,
  WorldHistory,
  type WorldLog,
} from './history/world-history.ts';
import type { WorldMoment } from './history/world-moment.ts';
import { matrixLink } from './link.ts';
import { type PublishFileOptions, publish } from './model/publish.ts';
import type { Platform } from './platform.ts';
import { ReplicaView } from './replica-view.ts';
import type { ExportOptions } from './world-options.ts';

export interface RoomViewParts {
  readonly homeserver: Homeserver;
  readonly session: RoomSession;
  readonly replica: Replica;
  readonly platform: Platform;
  readonly assets: AssetLoading;
  /** Where files are published. */
  readonly sinks: readonly AssetSink[];
}

/** What is asked of a world's room and its homeserver: its name, its past, its files, whether it holds what it should. */
export abstract class RoomView extends ReplicaView {
  readonly room: RoomId;
  /**
   * Files that objects refer to: `mxc:` by this user's homeserver, `ipfs:`, `https:` and `data:`, verified and kept, each fetched once for all
   * who want it at a time. See `AssetLoader`.
   */
  readonly assets: AssetLoading;
  readonly #parts: RoomViewParts;
  readonly #history: WorldHistory;

  constructor(parts: RoomViewParts) {
    const { homeserver, session, replica, platform, assets } = parts;
    super(replica, homeserver.userId);
    this.room = session.room;
    this.assets = assets;
    this.#parts = parts;
    const present = () => replica.shownPatch();
    this.#history = new WorldHistory({ homeserver, room: this.room, platform, present });
  }

  get title(): string {
    return this.#parts.session.standing.title;
  }

  /** A `matrix:` URI that opens this world, through this user's homeserver. */
  get link(): string {
    return matrixLink(this.room, this.userId);
  }

  /**
   * Writes a layer of all that this world holds, which a steward's client also does by itself when its bundles are full.
   * Costs an upload of it. @throws HomeserverError `forbidden` for who is no steward, `incomplete`, and as uploads fail
   */
  checkpoint(): Promise<void> {
    return this.#parts.session.checkpoint();
  }

  /**
   * All that is known of this world, hidden and deleted objects, purges and unsaved edits included, with its rules and
   * declared components, as a file: `createWorldFrom` makes the same world of it, any world can import its objects, and
   * `openFile` shows it. People, roles and models are not in it. About 70 bytes and 10 µs an object.
   *
   * @throws WeftError `limit` past 64 MiB, 500,000 objects, 5,000,000 registers, or 768 KiB of rules and components
   */
  export({ format = 'weft' }: ExportOptions = {}): Uint8Array<ArrayBuffer> {
    const policy = policyOf(this.#parts.session.worldState());
    const info = {
      title: this.title,
      createdMs: this.#parts.platform.timers.now(),
      source: this.room,
      policy,
    };
    return writeFile(this.#parts.replica.shownPatch(), info, format);
  }

  /**
   * Who changed what, newest first, from the room's timeline. Costs the events that it passes, up to 20,000.
   * @throws WeftError `limit`, `invalid-value`; HomeserverError
   */
  log(options: LogOptions = {}): Promise<WorldLog> {
    return this.#history.log(options);
  }

  /**
   * The world as its room showed it at a moment, for looking: less what was purged since, and never later than now.
   * Costs every event until then, up to 100,000; `complete` says whether that was enough.
   * @throws WeftError `invalid-value` for what is no time; HomeserverError
   */
  at(time: MomentTime, options: HistoryOptions = {}): Promise<WorldMoment> {
    return this.#history.at(time, options);
  }

  /**
   * Reads the room's state anew and compares it with all that this client ever had from the room: whether a newcomer
   * would hold the same. What the room lost is written again by those who may.
   * @throws HomeserverError
   */
  verify(): Promise<Verification> {
    return this.#parts.session.verify();
  }

  /** Hands a file to the homeserver's media repository. @throws HomeserverError */
  upload(bytes: Uint8Array, options: UploadOptions): Promise<UploadedAsset> {
    return uploadAsset(this.#parts.homeserver, bytes, options);
  }

  /**
   * Checks a file, makes a model smaller where asked to, stores it (in the media repository of the homeserver, unless told
   * where: `ipfs` goes to a configured node and to a relay of this world, where everybody may read it), and says how to refer to it: `e.add({ mesh: meshOf(published) })`, or its `src`, `alt`, `sha256` and `bytes` in any
   * component that shows a file. What it is, its bytes say.
   *
   * Cost: 10 ns a byte to validate a model, 20 ns to optimise one, in a worker; and the upload.
   * @throws AssetError `unknown-kind`, `too-large`, `invalid-model`, `not-stored` where no place took it, and as models are refused
   */
  publish(file: Uint8Array | Blob, options: PublishFileOptions = {}): Promise<PublishedAsset> {
    return publish(this.#parts.sinks, file, options);
  }

  /**
   * Asks a relay of the live lane in, gives it its level (a builder's by default), and names it in the world: everyone tries
   * it first and trusts it. Inviting and naming takes a steward, giving a level an owner. @throws HomeserverError
   */
  inviteRelay(relay: RelayTransport, options: InviteRelayOptions = {}): Promise<void> {
    return inviteRelay(this.#parts.homeserver, this.room, relay, options);
  }
}
