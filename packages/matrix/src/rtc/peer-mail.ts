import { Cell, type EditAccess, type Readable, type Stop, sameRecords, type UserId } from '@weft/core';
import { PEER_EVENT } from '@weft/protocol';
import type { Homeserver } from '../homeserver.ts';
import type { RequestOptions } from '../request.ts';
import type { Standing } from '../room/standing.ts';
import type { ReceivedToDevice, ToDeviceMessage } from '../to-device.ts';
import type { MembersSource, PublishedMember } from './room-members.ts';

export interface PeerMailOptions {
  readonly homeserver: Pick<Homeserver, 'userId' | 'deviceId' | 'sendToDevice' | 'onToDevice'>;
  readonly session: MembersSource;
  /** Who says in the room that they are on its lane. */
  readonly members: Readable<readonly PublishedMember[]>;
}

/** A member of the world on a device that takes edits without a relay. The room vouches for the user, and for their word. */
export interface PeerDevice {
  readonly user: UserId;
  readonly device: string;
  /** One a run of its client; a run that ended without a word stays for a while. */
  readonly memberIds: readonly string[];
}

/** All devices of a user, as an address: nobody's id. */
const EVERY_DEVICE = '*';

/** Messages between the devices of members, past any relay. Who may have them the room says: its members, and they themselves. */
export class PeerMail {
  readonly #options: PeerMailOptions;
  readonly #devices = new Cell<readonly PeerDevice[]>([], sameRecords);
  readonly #stops: readonly Stop[];
  #access: { readonly standing: Standing; readonly levels: ReadonlyMap<UserId, number> } | null = null;

  constructor(options: PeerMailOptions) {
    const { members, session } = options;
    this.#options = options;
    this.#stops = [members.subscribe(() => this.#refresh()), session.on('standing', () => this.#refresh())];
    this.#refresh();
  }

  /**
   * The devices of members that take edits from device to device, this one excluded, each once. None for who is not in the room
   * any more.
   */
  get devices(): Readable<readonly PeerDevice[]> {
    return this.#devices;
  }

  /** @throws HomeserverError */
  send(messages: readonly ToDeviceMessage[], options?: RequestOptions): Promise<void> {
    return this.#options.homeserver.sendToDevice(PEER_EVENT, messages, options);
  }

  /** What peers send to this device; the homeservers vouch for the sender, and for nothing else. */
  on(listener: (sender: UserId, content: ReceivedToDevice['content']) => void): Stop {
    return this.#options.homeserver.onToDevice(({ type, sender, content }) => {
      if (type === PEER_EVENT) listener(sender, content);
    });
  }

  /** What somebody may do by this client's own copy of the room; `null` for who is not joined to it. */
  access(userId: UserId): EditAccess | null {
    const { standing } = this.#options.session;
    if (this.#access?.standing !== standing) this.#access = { standing, levels: levelsOf(standing) };
    const level = this.#access.levels.get(userId);
    return level === undefined ? null : { userId, level };
  }

  /** Tells when anybody may do more or less than before, or anything else of who is here changed. */
  onStanding(listener: () => void): Stop {
    return this.#options.session.on('standing', () => listener());
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  #refresh(): void {
    const { homeserver, members } = this.#options;
    const { userId, deviceId } = homeserver;
    const devices = new Map<string, PeerDevice>();
    const all = this.access(userId) === null ? [] : members.value;
    for (const { user, device, memberId, peer } of all) {
      const isOwn = user === userId && device === deviceId;
      if (!peer || isOwn || device === null || device === EVERY_DEVICE || this.access(user) === null)
        continue;
      const key = `${user} ${device}`;
      const memberIds = [...(devices.get(key)?.memberIds ?? []), memberId];
      devices.set(key, { user, device, memberIds });
    }
    this.#devices.set([...devices.values()]);
  }
}

function levelsOf({ members }: Standing): ReadonlyMap<UserId, number> {
  return new Map(
    members.filter(({ membership }) => membership === 'join').map(({ user, level }) => [user, level]),
  );
}
