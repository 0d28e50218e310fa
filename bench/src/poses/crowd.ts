import type { Socket } from 'node:net';
import { SeededRandom } from '@weft/testing';
import { openedSockets } from '../peers/opened-sockets.ts';
import { percentile } from '../statistics/summary.ts';
import type { CrowdJob, CrowdReport, CrowdStep, Percentiles } from './crowd-job.ts';
import { drain } from './drain.ts';
import type { MoverName, PoseAdapter, PoseClient } from './pose-adapter.ts';
import { SentPoses } from './sent-poses.ts';
import { Sightings } from './sightings.ts';
import { type Receiver, starvedOf } from './starved.ts';
import { Timetable } from './timetable.ts';
import { Walk } from './walk.ts';

/** How long what was sent last is waited for. */
const TAIL_MS = 300;
/** How often watchers look at who is nearest. */
const LOOK_MS = 50;

interface Member {
  readonly client: PoseClient;
  readonly walk: Walk;
  readonly sockets: readonly Socket[];
  /** `null` for those whose bytes are only counted. */
  readonly sightings: Sightings | null;
}

/** People who walk, all in this process, and what some of them see of the others. */
export class Crowd {
  readonly #job: CrowdJob;
  readonly #adapter: PoseAdapter;
  readonly #opened = openedSockets();
  readonly #members: Member[] = [];
  readonly #sent: SentPoses[] = [];
  readonly #numbers = new Map<MoverName, number>();
  readonly #random: SeededRandom;
  readonly #timetable = new Timetable((member) => this.#move(member));
  #come = 0;

  constructor(job: CrowdJob, adapter: PoseAdapter) {
    this.#job = job;
    this.#adapter = adapter;
    this.#random = new SeededRandom(`${job.seed}/crowd`);
  }

  /** @param begins called when what is sent begins to count */
  async step({ movers, warmUpMs, windowMs }: CrowdStep, begins: () => void): Promise<CrowdReport> {
    // Who is there stands still meanwhile: coming in is not what is measured.
    this.#timetable.stop();
    while (this.#members.length < movers) await this.#join();
    this.#timetable.start(movers);
    await sleep(warmUpMs);
    begins();
    const watching = this.#members.flatMap(({ sightings }) => sightings ?? []);
    const fromMs = performance.now();
    for (const sightings of watching) sightings.open({ fromMs, untilMs: fromMs + windowMs });
    this.#timetable.takeLateMs();
    const before = this.#readings();
    this.#come = 0;
    const cpu = process.cpuUsage();
    const nearest = await this.#look(windowMs);
    const { user, system } = process.cpuUsage(cpu);
    const tookMs = performance.now() - fromMs;
    const read = this.#readings().map((bytes, at) => bytes - (before[at] ?? 0));
    const late = this.#timetable.takeLateMs();
    const come = this.#come;
    await sleep(TAIL_MS);
    const seen = watching.map((sightings) => sightings.close(performance.now()));
    const agesMs = seen.flatMap(({ agesMs: ages }) => ages);
    const median = percentile(read, 50);
    const readByWatchers = read.filter((_, at) => this.#members[at]?.sightings !== null);
    return {
      movers,
      age: percentiles(agesMs),
      nearestAge: nearest.length === 0 ? null : percentiles(nearest),
      told: seen.reduce((sum, { told }) => sum + told, 0) / agesMs.length,
      bytesAPose: readByWatchers.reduce((sum, bytes) => sum + bytes, 0) / Math.max(1, come),
      bytesPerSecond: {
        median: (median * 1000) / tookMs,
        most: (Math.max(...read) * 1000) / tookMs,
      },
      starved: starvedOf(this.#members.map(({ walk }, at) => receiverOf(walk, read[at] ?? 0))),
      lateMs: percentile(late, 95),
      loadCores: (user + system) / 1000 / tookMs,
    };
  }

  async #join(): Promise<void> {
    const number = this.#members.length;
    const isWatcher = number < this.#job.watchers;
    const sightings = isWatcher ? new Sightings(this.#sent, number) : null;
    const { url, setting } = this.#job;
    const before = this.#opened.length;
    const client = await this.#adapter.connect({
      ...{ url, setting, number },
      told: (name, x, z) => {
        const mover = sightings === null ? undefined : this.#numbers.get(name);
        if (mover === undefined || sightings === null) return;
        this.#come += 1;
        sightings.told(mover, x, z, performance.now());
      },
    });
    // Of those that were opened the last one is the lane: before it some ask for a ticket, over a connection that may be a new one.
    const sockets = this.#opened.slice(before).slice(-1);
    if (!isWatcher) for (const socket of sockets) drain(socket);
    this.#numbers.set(client.name, number);
    this.#sent.push(new SentPoses());
    this.#members.push({ client, sockets, sightings, walk: new Walk(this.#random, this.#job.metres) });
  }

  #move(at: number): void {
    const member = this.#members[at];
    if (member === undefined) return;
    const nowMs = performance.now();
    const pose = member.walk.at(nowMs / 1000);
    this.#sent[at]?.add(pose.position[0], pose.position[2], nowMs);
    member.client.move(pose);
  }

  /** What each read from its sockets until now, in bytes. */
  #readings(): number[] {
    return this.#members.map(({ sockets }) => sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0));
  }

  /** How old what watchers know of those nearest to them is, again and again for so long. */
  async #look(forMs: number): Promise<number[]> {
    const ages: number[] = [];
    const untilMs = performance.now() + forMs;
    while (this.#job.nearest > 0 && performance.now() < untilMs - LOOK_MS) {
      await sleep(LOOK_MS);
      this.#members.forEach(({ sightings }, at) => {
        if (sightings === null) return;
        const nowMs = performance.now();
        for (const other of this.#nearestTo(at)) ages.push(sightings.ageMs(other, nowMs));
      });
    }
    await sleep(Math.max(0, untilMs - performance.now()));
    return ages;
  }

  #nearestTo(at: number): number[] {
    const seconds = performance.now() / 1000;
    const [x, , z] = this.#members[at]?.walk.at(seconds).position ?? [0, 0, 0];
    const distances = Float64Array.from(this.#members, ({ walk }) => {
      const [ox, , oz] = walk.at(seconds).position;
      return (ox - x) ** 2 + (oz - z) ** 2;
    });
    const farthest = distances.toSorted()[this.#job.nearest] ?? Number.POSITIVE_INFINITY;
    return [...distances.keys()].filter((other) => other !== at && (distances[other] ?? 0) <= farthest);
  }
}

function receiverOf(walk: Walk, bytes: number): Receiver {
  const [x, , z] = walk.at(performance.now() / 1000).position;
  return { bytes, x, z };
}

function percentiles(values: readonly number[]): Percentiles {
  const [p50, p95, p99] = [50, 95, 99].map((percent) => percentile(values, percent));
  return { p50: p50 ?? Number.NaN, p95: p95 ?? Number.NaN, p99: p99 ?? Number.NaN };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
