import type { ChildProcess } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@weft/cli/stack';
import { type ObjectId, parseObjectId } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import type { ServeJob } from '../../peers/jobs.ts';
import { LaneClient, relayAt } from '../../peers/lane-client.ts';
import { startServer, urlOf } from '../../peers/run-system.ts';
import { sceneRecords } from '../../peers/scene.ts';
import { WEFT } from '../../peers/systems.ts';
import { userOf } from '../../peers/weft.ts';
import { killed } from '../../process/start-process.ts';

/** Where no object stands before it was moved. */
const MOVED_METRES = 1_000_000;
const BURST_MS = [300, 1500] as const;
/** Between looks at whether clients agree, and how long they have to. */
const LOOK_MS = 50;
const AGREEMENT_MS = 30_000;

export interface KilledRelayOptions {
  readonly seed: string;
  readonly objects: number;
  readonly rate: number;
}

export interface Cycle {
  /** Edits that the author was told are held, since the last kill. */
  readonly acknowledged: number;
  readonly lost: number;
  readonly backMs: number;
}

/** A relay in a process that is killed and started again, with an author and somebody who looks on. */
export class KilledRelay {
  readonly #directory: string;
  readonly #job: ServeJob;
  readonly #ids: readonly ObjectId[];
  readonly #rate: number;
  readonly #random: SeededRandom;
  readonly #clients: LaneClient[] = [];
  #server: ChildProcess;
  #edits = 0;
  #directories = 0;

  private constructor(
    options: KilledRelayOptions,
    directory: string,
    job: ServeJob,
    ids: readonly ObjectId[],
  ) {
    this.#directory = directory;
    this.#job = job;
    this.#ids = ids;
    this.#rate = options.rate;
    this.#random = new SeededRandom(`relay-kill/${options.seed}`);
    this.#server = startServer(job);
  }

  static async start(options: KilledRelayOptions): Promise<KilledRelay> {
    const directory = await mkdtemp(join(tmpdir(), 'weft-bench-'));
    const records = sceneRecords(options.seed, options.objects);
    const scene = join(directory, 'scene.json');
    await writeFile(scene, JSON.stringify(records));
    const ports = [await findFreePort(), await findFreePort()] as const;
    const job = {
      adapter: WEFT.adapter,
      setting: 'default',
      scene,
      directory: join(directory, 'kept'),
      ports,
    };
    const relay = new KilledRelay(
      options,
      directory,
      job,
      records.map(({ id }) => parseObjectId(id)),
    );
    const url = await urlOf(relay.#server);
    for (const number of [0, 1]) relay.#clients.push(await enter(url, number));
    return relay;
  }

  /** Edits, a kill, a look into the journal, and a new start. */
  async cycle(): Promise<Cycle> {
    const author = await this.#burst();
    const killedMs = performance.now();
    await killed(this.#server);
    const held = new Map(author.held);
    const copy = this.#newDirectory();
    await cp(this.#job.directory, copy, { recursive: true });
    this.#server = startServer(this.#job);
    const back = Promise.all(this.#clients.map((client) => client.live())).then(
      () => performance.now() - killedMs,
    );
    await urlOf(this.#server);
    const backMs = await back;
    return { acknowledged: held.size, lost: await this.#lostIn(copy, held), backMs };
  }

  /** @throws Error unless a journal that holds nothing shows as the loss of all that was acknowledged */
  async checkLossShows(): Promise<void> {
    const { held } = await this.#burst();
    const [size, lost] = [held.size, await this.#lostIn(this.#newDirectory(), new Map(held))];
    if (size === 0 || lost !== size)
      throw new Error(`an empty journal shows as the loss of ${lost} of ${size} edits: the run is void`);
  }

  /** @throws Error unless all clients come to show the same, as does one that comes now */
  async checkEqual(): Promise<void> {
    const newcomer = await enter(`http://127.0.0.1:${this.#job.ports?.[1]}`, 2);
    const all = [...this.#clients, newcomer];
    const isEqual = (): boolean =>
      this.#ids.every((id) => new Set(all.map((client) => client.x(id))).size === 1);
    const untilMs = performance.now() + AGREEMENT_MS;
    while (!isEqual() && performance.now() < untilMs) await sleep(LOOK_MS);
    await newcomer.close();
    if (!isEqual()) throw new Error('clients do not show the same in the end: the run is void');
  }

  async close(): Promise<void> {
    for (const client of this.#clients) await client.close();
    await killed(this.#server);
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Edits for a while, drawn from the seed. */
  async #burst(): Promise<LaneClient> {
    const [author] = this.#clients;
    if (author === undefined) throw new TypeError('a relay without clients');
    author.held.clear();
    const burstMs = BURST_MS[0] + this.#random.below(BURST_MS[1] - BURST_MS[0]);
    const untilMs = performance.now() + burstMs;
    while (performance.now() < untilMs) {
      this.#edits += 1;
      author.move(this.#random.pick(this.#ids), [MOVED_METRES + this.#edits, 0, 0]);
      await sleep(1000 / this.#rate);
    }
    return author;
  }

  #newDirectory(): string {
    this.#directories += 1;
    return join(this.#directory, `copy-${this.#directories}`);
  }

  /** How many of these positions a relay over this journal does not hold, nor later ones. */
  async #lostIn(directory: string, held: ReadonlyMap<ObjectId, number>): Promise<number> {
    const { ports: _, ...job } = this.#job;
    const server = startServer({ ...job, directory });
    try {
      const reader = await enter(await urlOf(server), 3);
      const lost = [...held].filter(([id, x]) => (reader.x(id) ?? Number.NEGATIVE_INFINITY) < x).length;
      await reader.close();
      return lost;
    } finally {
      await killed(server);
      await rm(directory, { recursive: true, force: true });
    }
  }
}

async function enter(url: string, number: number): Promise<LaneClient> {
  const client = new LaneClient({
    user: userOf(number),
    url,
    transport: await relayAt(url),
    moved: () => undefined,
  });
  await client.open();
  return client;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
