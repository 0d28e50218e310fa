import { SeededRandom } from '@weft/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ALICE, BOB, CAROL, type LaneUnderTest } from '../lane/lane-under-test.ts';
import { MovingClient, openMotionRoom } from './motion-room.ts';

const MOST_CLIENTS = 7;
const STEPS = 50;
/** Whoever is nearer along both axes is in a cell beside the own one, wherever both came from; and nobody who is farther. */
const SEEN_METRES = 48;
const UNSEEN_METRES = 144;

/** People who do whatever comes to their mind. */
class Stage {
  readonly lane: LaneUnderTest;
  readonly clients: MovingClient[] = [];
  readonly #random: SeededRandom;
  readonly #views = new Map<MovingClient, { x: number; z: number } | null>();
  /** Where each mover said last that it stands, by its handle. */
  readonly #stands = new Map<number, { x: number; z: number }>();

  constructor(lane: LaneUnderTest, random: SeededRandom) {
    this.lane = lane;
    this.#random = random;
    this.#join();
  }

  async step(): Promise<void> {
    const random = this.#random;
    this.#act(random.pick(this.clients), random.below(16));
    for (const client of this.clients) if (random.chance(0.7)) this.#move(client, 2);
    await this.lane.timers.advance(random.pick([0, 1, 17, 50, 120]));
  }

  /** Everybody reads again, and then stands. */
  async rest(): Promise<void> {
    for (const client of this.clients) this.#hurry(client);
    await this.lane.timers.advance(1_000);
    for (const client of this.clients) this.#move(client, 2);
    await this.lane.timers.advance(8_000);
  }

  /** Everybody sees who is near as they stand, and nobody who is far, nor themselves. */
  check(): void {
    for (const client of this.clients) {
      expect(client.client.socket.closed).toBeNull();
      client.read();
      const from = this.#views.get(client) ?? this.#stands.get(client.avatar?.handle ?? 0) ?? null;
      for (const { handle, session } of client.movers.values()) {
        const stands = this.#stands.get(handle);
        const seen = client.seen.get(handle)?.pose.body.position;
        if (stands === undefined || session === client.session) expect(seen).toBeUndefined();
        else {
          const apart =
            from === null ? 0 : Math.max(Math.abs(stands.x - from.x), Math.abs(stands.z - from.z));
          if (apart <= SEEN_METRES) expect(seen).toEqual([stands.x, 0, stands.z]);
          if (apart >= UNSEEN_METRES) expect(seen).toBeUndefined();
        }
      }
    }
  }

  #join(): void {
    const user = this.#random.pick([ALICE, BOB, CAROL]);
    this.clients.push(MovingClient.connect(this.lane, { user }));
  }

  #act(client: MovingClient, what: number): void {
    const { socket } = client.client;
    if (what < 4 && this.clients.length < MOST_CLIENTS) this.#join();
    else if (what === 4 && this.clients.length > 1) {
      client.client.disconnect();
      this.clients.splice(this.clients.indexOf(client), 1);
    } else if (what < 8) client.enter();
    else if (what === 8) client.leave();
    else if (what < 11) this.#move(client, 200);
    else if (what < 13) this.#look(client);
    else if (what === 13) socket.isSlow = true;
    else if (what === 14) this.#hurry(client);
    else for (let said = 0; said < 17; said++) this.lane.room.say(CAROL, 'x'.repeat(1000));
  }

  #hurry({ client: { socket } }: MovingClient): void {
    socket.isSlow = false;
    socket.read();
  }

  #move(client: MovingClient, metres: number): void {
    const { avatar } = client;
    if (avatar === undefined) return;
    const { x, z } = this.#stands.get(avatar.handle) ?? { x: 0, z: 0 };
    const random = this.#random;
    const next = { x: x + random.below(2 * metres) - metres, z: z + random.below(2 * metres) - metres };
    this.#stands.set(avatar.handle, next);
    client.at(next.x, next.z);
  }

  #look(client: MovingClient): void {
    const random = this.#random;
    const from = random.chance(0.3) ? null : { x: random.below(200), y: 0, z: random.below(200) };
    this.#views.set(client, from);
    client.look(from);
  }
}

test('[MO14] who falls out of step and comes back sees what all see, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const random = new SeededRandom(seed);
      const motion = random.pick([{}, {}, { bytesPerSecond: 1_000, byteBurst: 300 }]);
      const stage = new Stage(await openMotionRoom({ motion }), random);
      for (let step = 0; step < STEPS; step++) await stage.step();
      await stage.rest();
      stage.check();
    }),
  );
});

test('[MO14] all who are in step are told the very same bytes, and pass over their own', async () => {
  const lane = await openMotionRoom();
  const lookers = [ALICE, BOB].map((user) => MovingClient.connect(lane, { user }));
  for (const each of lookers) each.look({ x: 0, y: 0, z: 0 });
  const movers = Array.from({ length: 5 }, () => MovingClient.connect(lane, { user: CAROL }));
  for (const each of movers) each.enter();
  const sent = new Map<MovingClient, Uint8Array[]>();
  for (const each of [...lookers, ...movers]) {
    const messages: Uint8Array[] = [];
    sent.set(each, messages);
    const { socket } = each.client;
    const send = socket.send.bind(socket);
    socket.send = (message, written) => {
      messages.push(message);
      send(message, written);
    };
  }
  await lane.timers.advance(100);
  for (let step = 0; step < 20; step++) {
    for (const messages of sent.values()) messages.length = 0;
    // One stands still: there is nothing of its own in what is told.
    for (const [at, each] of movers.entries()) if (at > 0 || step === 0) each.at(at, step);
    await lane.timers.advance(50);
    if (step === 0) continue;
    const [first, second, still, ...others] = [...lookers, ...movers].map((each) => sent.get(each) ?? []);
    expect(first?.length).toBe(1);
    expect(second?.[0]).toBe(first?.[0]);
    expect(still?.[0]).toBe(first?.[0]);
    for (const each of others) expect(each[0]).toBe(first?.[0]);
  }
  for (const each of movers)
    for (const other of movers)
      expect(each.xOf(other.avatar?.handle)).toBe(each === other ? undefined : movers.indexOf(other));
});
