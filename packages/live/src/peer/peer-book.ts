import type { ActorId, UserId } from '@weft/core';
import { MAX_PEER_DEVICES } from '@weft/protocol';
import type { LanePerson } from '../channel.ts';
import { Peer } from './peer.ts';
import type { PeerDevice, PeerMail } from './peer-mail.ts';

/** The devices that this client talks with, by what the room says of them: none where there are too many. */
export class PeerBook {
  readonly #own: ActorId;
  readonly #peers = new Map<string, Peer>();

  /** @param own the actor of this client */
  constructor(own: ActorId) {
    this.#own = own;
  }

  all(): Iterable<Peer> {
    return this.#peers.values();
  }

  /** Those that are told what this client writes. */
  here(): readonly Peer[] {
    return [...this.#peers.values()].filter(({ isHere }) => isHere);
  }

  at(device: Pick<PeerDevice, 'user' | 'device'>): Peer | null {
    return this.#peers.get(keyOf(device)) ?? null;
  }

  /** @returns whether somebody is not there any more */
  sync(devices: readonly PeerDevice[], nowMs: number): boolean {
    const known = devices.length < MAX_PEER_DEVICES ? devices : [];
    const keys = new Set(known.map(keyOf));
    const gone = [...this.#peers.keys()].filter((key) => !keys.has(key));
    for (const key of gone) this.#peers.delete(key);
    for (const device of known) {
      const peer = this.#peers.get(keyOf(device));
      if (peer === undefined) this.#peers.set(keyOf(device), new Peer(device, this.#own, nowMs));
      else peer.update(device, nowMs);
    }
    return gone.length > 0;
  }

  clear(): void {
    this.#peers.clear();
  }

  /** Whose member a content is of, if its sender published that here; no more of it is read than that takes. */
  senderOf(sender: UserId, content: unknown, room: string): Peer | null {
    if (typeof content !== 'object' || content === null) return null;
    if (!('room_id' in content) || content.room_id !== room || !('member_id' in content)) return null;
    const { member_id: memberId } = content;
    if (typeof memberId !== 'string') return null;
    for (const peer of this.#peers.values())
      if (peer.device.user === sender && peer.device.memberIds.includes(memberId)) return peer;
    return null;
  }

  /** Those that said who they are, in the order in which they came. */
  people(access: PeerMail['access']): readonly LanePerson[] {
    return [...this.#peers.values()].flatMap(({ isHere, actor, device: { user, device } }, at) => {
      const held = isHere ? access(user) : null;
      if (actor === null || held === null) return [];
      const level = Math.min(held.level, Number.MAX_SAFE_INTEGER);
      return [{ relay: null, session: at + 1, user, device, actor, level }];
    });
  }
}

function keyOf({ user, device }: Pick<PeerDevice, 'user' | 'device'>): string {
  return `${user} ${device}`;
}
