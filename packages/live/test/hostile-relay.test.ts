import { type ObjectId, type Patch, parseObjectId, parsePath, parseUserId } from '@weft/core';
import type { TicketRequest } from '@weft/live';
import {
  type DownFrame,
  decodeFrame,
  encodeFrame,
  encodeWirePatch,
  newRunId,
  relayTransport,
} from '@weft/protocol';
import type { SimServer } from '@weft/testing/lane';
import { expect, test } from 'vitest';
import { SimLanes } from './sim-lanes.ts';

const IDS = ['chair', 'table', 'lamp'].map(parseObjectId);
const NAME = parsePath('node.name');
const HOSTILE = relayTransport('wss://hostile.example.org', parseUserId('@mallory:example.org'));

/** A relay that some member published, and that says what it likes. */
class HostileRelay implements SimServer {
  readonly isRunning = true;
  readonly #lanes: SimLanes;
  readonly #sockets = new Set<Parameters<SimServer['connected']>[0]>();
  #seq = 0;

  constructor(lanes: SimLanes) {
    this.#lanes = lanes;
    lanes.addStranger(HOSTILE, this);
  }

  get readers(): number {
    return this.#sockets.size;
  }

  grant(_user: unknown, _device: string, _request: TicketRequest) {
    return { ticket: 'ticket', expiresMs: this.#lanes.timers.now() + 60_000, url: HOSTILE.url };
  }

  connected(socket: Parameters<SimServer['connected']>[0]): ReturnType<SimServer['connected']> {
    const send = (frame: DownFrame) => socket.send(encodeFrame(frame));
    return {
      received: (bytes) => {
        const frame = decodeFrame(bytes, 'to-relay');
        const relayMs = this.#lanes.timers.now();
        if (frame.type === 'clock-up') send({ type: 'clock', at: frame.at, relayMs });
        if (frame.type !== 'hello') return;
        this.#sockets.add(socket);
        send({
          ...{ type: 'welcome', version: 1, run: newRunId(this.#lanes.random.bytes), session: 1 },
          ...{
            through: this.#seq,
            missed: 0,
            resumed: null,
            kind: 'live-only',
            committed: this.#seq,
            level: 25,
          },
          ...{ snapshotBytes: 0, snapshotObjects: 0, nowMs: relayMs, people: [] },
          limits: {
            ...{ frameBytes: 1_048_576, patchBytes: 261_120, patchObjects: 5_000 },
            ...{ framesPerSecond: 100, frameBurst: 200, bytesPerSecond: 1_048_576 },
          },
        });
      },
      closed: () => this.#sockets.delete(socket),
    };
  }

  say(patch: Patch): void {
    this.#seq += 1;
    const fields = { seq: this.#seq, session: 0, user: null, committed: this.#seq } as const;
    this.#tell({ type: 'patch-down', ...fields, patch: encodeWirePatch(patch) });
  }

  retract(patch: Patch): void {
    this.#seq += 1;
    this.#tell({ type: 'retract', seq: this.#seq, patch: encodeWirePatch(patch) });
  }

  #tell(frame: DownFrame): void {
    for (const socket of this.#sockets) socket.send(encodeFrame(frame));
  }
}

async function besides(): Promise<{ lanes: SimLanes; hostile: HostileRelay; names: () => unknown[][] }> {
  const lanes = await SimLanes.open({ relays: 2, clients: 4 });
  // One who is on the second relay, so that the others hear that, and go there when the first one dies.
  lanes.network.block(lanes.client(3).name, lanes.url(0));
  await lanes.until(() => lanes.client(3).relay === lanes.relay(1).transport.url, 10_000);
  const hostile = new HostileRelay(lanes);
  await lanes.until(() => hostile.readers === 4, 5_000);
  const names = () =>
    lanes.clients
      .slice(0, 3)
      .map(({ replica }) => IDS.map((id: ObjectId) => replica.scene.get(id)?.node?.name));
  return { lanes, hostile, names };
}

test('[LV16] a relay that a member published takes back nothing that came by another one', async () => {
  const { lanes, hostile, names } = await besides();
  const all = ['Chair', 'Table', 'Lamp'];
  const edits = all.map((value, at) => lanes.client(at).set(IDS[at] ?? expect.fail(), NAME, value));
  await lanes.timers.advance(500);
  for (const edit of edits) hostile.retract(edit);
  await lanes.timers.advance(500);
  expect(names()).toEqual([all, all, all]);
  // Nor after it repeated them, nor while the relay that they came by is away.
  for (const edit of edits) hostile.say(edit);
  await lanes.timers.advance(500);
  for (const edit of edits) hostile.retract(edit);
  await lanes.timers.advance(500);
  expect(names()).toEqual([all, all, all]);
  lanes.relay(0).kill();
  await lanes.timers.advance(1_000);
  for (const edit of edits) hostile.retract(edit);
  await lanes.timers.advance(2_000);
  expect(names()).toEqual([all, all, all]);
  await lanes.relay(0).start();
  await lanes.timers.advance(30_000);
  expect(names()).toEqual([all, all, all]);
  for (const { refused } of lanes.clients) expect(refused).toEqual([]);
  await lanes.close();
});

test('[LV16] and takes back what it made up itself', async () => {
  const { lanes, hostile, names } = await besides();
  const forged = lanes.client(0).set(IDS[0] ?? expect.fail(), NAME, 'Chair');
  await lanes.timers.advance(500);
  const made = {
    ...forged,
    objects: new Map([...forged.objects].map(([, object]) => [IDS[1] ?? expect.fail(), object])),
  };
  hostile.say(made);
  await lanes.timers.advance(500);
  expect(names()[2]).toEqual(['Chair', 'Chair', undefined]);
  hostile.retract(made);
  await lanes.timers.advance(500);
  expect(names()[2]).toEqual(['Chair', undefined, undefined]);
  await lanes.close();
});
