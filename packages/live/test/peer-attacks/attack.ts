import {
  type ActorId,
  entriesOf,
  newActorId,
  type Patch,
  parseObjectId,
  parsePath,
  patchOf,
  timeFromMs,
  type UserId,
  type Value,
} from '@weft/core';
import { encodeWirePatch, type PeerBody, peerContent, readPeerMessage } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { ROOM, type SimPeer, SimPeers } from '../sim-peers.ts';

export const LAMP = parseObjectId('lamp');
export const NAME = parsePath('node.name');
const BUILDER = 25;

/** Ann is honest; Mallory is a member on a device of its own, which says whatever the test wants. */
export class Attack {
  readonly peers: SimPeers;
  readonly ann: SimPeer;
  readonly mallory: SimPeer;
  readonly actor: ActorId;
  #n = 10_000;

  private constructor(peers: SimPeers) {
    this.peers = peers;
    [this.ann, this.mallory] = [peers.client(0), peers.client(1)];
    this.actor = newActorId(new SeededRandom('mallory').bytes);
  }

  static async open(level = BUILDER): Promise<Attack> {
    const peers = await SimPeers.open({ seed: 'attack' });
    const attack = new Attack(peers);
    peers.setLevel(attack.mallory.user, level);
    await peers.timers.advance(1_000);
    return attack;
  }

  /** The member that the room knows Mallory's device by. */
  get memberId(): string {
    const sent = this.peers.sent.find(({ from }) => from === this.mallory.name);
    return String(sent?.content.member_id);
  }

  patch(
    value: Value,
    { actor = this.actor, aheadMs = 0, id = LAMP, claims = [] as readonly UserId[] } = {},
  ): Patch {
    const stamp = { time: timeFromMs(this.peers.timers.now() + aheadMs), actor };
    return patchOf({
      registers: [{ id, path: NAME, register: { value, stamp } }],
      actors: claims.length === 0 ? [] : [[actor, claims]],
    });
  }

  say(body: PeerBody, { sender = this.mallory.user, room = ROOM, memberId = this.memberId } = {}): void {
    this.#n += 1;
    const content = peerContent({ ...body, room, memberId, n: this.#n });
    this.peers.deliver(sender, this.ann.user, this.ann.name, content);
  }

  write(patch: Patch, as: Parameters<Attack['say']>[1] = {}): void {
    this.say({ kind: 'patch', patch: encodeWirePatch(patch) }, as);
  }

  /** Why Ann did not take something in, as Mallory is told, once time has passed. */
  async refusals(): Promise<string[]> {
    await this.peers.timers.advance(2_000);
    return this.peers.sent.flatMap(({ to, content }) => {
      const message = to === this.mallory.name ? readPeerMessage(content) : null;
      return message?.kind === 'refused' ? message.problems.map(({ code }) => code) : [];
    });
  }

  get shown(): unknown[] {
    return [...entriesOf(this.ann.replica.shownPatch())].map(({ register }) => register.value);
  }
}
