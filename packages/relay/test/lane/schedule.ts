import { entriesOf, parseObjectId, type RegisterEntry, ROLE_LEVELS } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { ALICE, BOB, CAROL, type LaneSetting, LaneUnderTest } from './lane-under-test.ts';
import { shownOf, type TestClient } from './test-client.ts';

const OBJECTS = ['chair', 'table', 'lamp', 'door'].map(parseObjectId);
const PATHS = ['node.name', 'transform.position', 'acme:door.open'];
/** Longer than a client doubts what a relay lost. */
const HEAL_MS = 8_000;

export interface ScheduleOptions {
  readonly seed: string;
  readonly steps: number;
  /** Whether people are demoted and put out, too. */
  readonly roles: boolean;
  readonly limits?: LaneSetting['limits'];
}

/** What went wrong, in words; nothing where all is well. */
export interface ScheduleEnd {
  readonly problems: readonly string[];
  readonly edits: number;
  readonly kills: number;
}

type Act = (client: TestClient) => unknown;

/** Plays a random history of people, a relay that dies, a disk that fails and a room that takes things up; then heals. */
export async function playSchedule({
  seed,
  steps,
  roles,
  limits = {},
}: ScheduleOptions): Promise<ScheduleEnd> {
  const random = new SeededRandom(seed);
  const lane = await LaneUnderTest.open({ seed, limits });
  lane.world.canAdopt = random.chance(0.5);
  const clients = [ALICE, ALICE, BOB, CAROL].map((user, at) => lane.client({ user, device: `DEVICE${at}` }));
  const count = { edits: 0, kills: 0 };
  /** What the room took up, and who was not told by their homeserver yet. */
  const untold: { readonly client: TestClient; readonly tell: () => void }[] = [];

  const settle = (): void => {
    const live = lane.world.replica.livePatch();
    const some = new Map([...live.objects].filter(() => random.chance(0.5)));
    const patch = { objects: some, actors: live.actors };
    for (const client of clients)
      untold.push({ client, tell: () => client.replica.receive(patch, 'matrix') });
    lane.world.settle(patch);
  };
  const actions: readonly (readonly [number, Act])[] = [
    [
      10,
      (client) => {
        count.edits += 1;
        client.set(random.pick(OBJECTS), random.pick(PATHS), count.edits);
      },
    ],
    [6, () => lane.timers.advance(random.below(40))],
    [3, (client) => !client.isConnected && lane.isRunning && client.connect()],
    [1, (client) => client.disconnect()],
    [1, (client) => client.lost()],
    [
      1,
      async () => {
        count.kills += 1;
        lane.kill();
        if (random.chance(0.7)) await lane.start();
      },
    ],
    [1, () => (lane.isRunning ? undefined : lane.start())],
    [1, () => lane.disk.faults.push(random.pick(['full', 'failed'] as const))],
    [1, () => (random.chance(0.5) ? lane.disk.hold() : lane.disk.release())],
    [1, settle],
    [2, () => untold.splice(random.below(untold.length + 1), 1).map(({ tell }) => tell())],
    [1, () => lane.timers.advance(random.below(7_000))],
    [
      roles ? 1 : 0,
      ({ user }) => lane.world.setLevel(user, random.pick([null, ROLE_LEVELS.visitor, ROLE_LEVELS.builder])),
    ],
    [
      roles ? 1 : 0,
      (client) => {
        const patch = random.pick([...client.acked, ...client.unacked, null]);
        if (patch !== null) client.takeBack(patch);
      },
    ],
  ];
  for (const client of clients) client.connect();
  for (let step = 0; step < steps; step += 1) {
    await drawn(actions, random)(random.pick(clients));
  }

  lane.disk.faults.length = 0;
  lane.disk.release();
  if (!lane.isRunning) await lane.start();
  for (const { tell } of untold) tell();
  for (const { user } of clients) lane.world.setLevel(user, ROLE_LEVELS.builder);
  await lane.timers.advance(HEAL_MS);
  for (const client of clients) if (!client.isConnected) client.connect();
  await lane.timers.advance(HEAL_MS);
  const problems = judge(lane, roles);
  await lane.close();
  if (lane.timers.pending > 0) problems.push(`${lane.timers.pending} timers still run`);
  return { problems, ...count };
}

/** One of the actions, each as likely as its weight says. */
function drawn(actions: readonly (readonly [number, Act])[], random: SeededRandom): Act {
  return random.pick(actions.flatMap(([weight, act]) => Array.from({ length: weight }, () => act)));
}

function judge(lane: LaneUnderTest, roles: boolean): string[] {
  const problems: string[] = [];
  const relay = lane.world.replica;
  const shown = shownOf(relay);
  for (const [at, client] of lane.clients.entries()) {
    if (client.shown() !== shown)
      problems.push(`client ${at} shows\n${client.shown()}\nand the relay\n${shown}`);
    if (client.doubled > 0) problems.push(`client ${at} was told ${client.doubled} things twice`);
    if (client.unacked.length > 0) problems.push(`client ${at} waits for ${client.unacked.length}`);
    if (client.replica.setHash() !== relay.setHash()) problems.push(`client ${at} has another base`);
    // What was taken back, or whose author was put out, is not there: only histories without that promise it.
    if (roles) continue;
    for (const patch of client.acked)
      for (const entry of entriesOf(patch))
        if (!isThere(lane, entry)) problems.push(`${entry.id} ${entry.path} of client ${at} is lost`);
  }
  return problems;
}

function isThere(lane: LaneUnderTest, { id, path, register }: RegisterEntry): boolean {
  const held = lane.world.replica.registers(id)?.get(path);
  return held !== undefined && held.stamp.time >= register.stamp.time;
}
