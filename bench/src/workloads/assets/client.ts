// A client in a process of its own: what it takes to have files.

import { createHash } from 'node:crypto';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { AssetLoader, type AssetSources, httpsSource } from '@weft/assets';
import { startFileHash, systemGet } from '@weft/assets/system';
import { connectHomeserver, parseMxcUri, systemTimers } from '@weft/matrix';
import { TLS_IDENTITY } from '@weft/testing/assets/server';
import { openWorld } from '@weft/world';
import { countSockets } from '../../peers/count-sockets.ts';
import { type Figure, JOB_VARIABLE } from '../../record/process-report.ts';
import { summarise } from '../../statistics/summary.ts';
import { isJob, type Job } from './job.ts';

/** One after the other without a pause, so that what is collected after one of them counts where it was caused. */
const DOWNLOADS_A_TURN = 5;
/** By the same loader. */
const WITH_AND_WITHOUT = ['verified', 'unverified'] as const;
const HOW_LOADED = [...WITH_AND_WITHOUT, 'fetch'] as const;
const MICROSECONDS = 1000;
const UNVERIFIED = '0'.repeat(64);
const sockets = countSockets();

type HowLoaded = (typeof HOW_LOADED)[number];

/** What one download took, on average of a turn. */
interface Turn {
  readonly ms: number;
  /** Of all processors, for all threads of this process. */
  readonly cpuMs: number;
}

const job: unknown = JSON.parse(process.env[JOB_VARIABLE] ?? 'null');
if (!isJob(job)) throw new TypeError('no job');
setDefaultCACertificates([...getCACertificates(), TLS_IDENTITY.cert]);
const figures = await measure(job);
console.log(JSON.stringify({ figures }));
// Sockets that are kept for the next request would keep the process too.
process.exit();

function measure(given: Job): Promise<readonly Figure[]> {
  if (given.kind === 'world') return loadWorld(given);
  return given.kind === 'file' ? loadFile(given) : loadCrowd(given);
}

async function loadWorld(given: Extract<Job, { kind: 'world' }>): Promise<readonly Figure[]> {
  const { homeserver, token, room, files, directory } = given;
  const world = await openWorld(room, {
    login: { homeserver, token },
    lanes: ['matrix'],
    assets: { cache: directory },
  });
  const refs = [...world.objects()].flatMap(({ mesh }) =>
    mesh?.src === undefined ? [] : [{ ...mesh, src: mesh.src }],
  );
  if (refs.length !== files) throw new Error(`the world has ${refs.length} models, not ${files}`);
  const before = sockets.read();
  const start = performance.now();
  const loaded = await Promise.all(refs.map((ref) => world.assets.load(ref)));
  const ms = performance.now() - start;
  const read = sockets.read() - before;
  const bytes = loaded.reduce((sum, file) => sum + file.bytes.length, 0);
  await world.close();
  return [
    { metric: 'all models', unit: 'ms', value: ms },
    { metric: 'read from the network', unit: 'bytes', value: read },
    { metric: 'models', unit: 'bytes', value: bytes },
  ];
}

async function loadFile(given: Extract<Job, { kind: 'file' }>): Promise<readonly Figure[]> {
  const [verifying, trusting] = [await open(given, true), await open(given, false)];
  const loads = {
    verified: async () => (await verifying.load(given.ref)).bytes,
    unverified: async () => (await trusting.load({ src: given.ref.src })).bytes,
    fetch: () => fetchFile(given),
  } satisfies Record<HowLoaded, () => Promise<Uint8Array>>;
  const turns: Record<HowLoaded, Turn[]> = { verified: [], unverified: [], fetch: [] };
  const take = async (how: HowLoaded): Promise<Turn> => {
    const [start, used] = [performance.now(), process.cpuUsage()];
    for (let at = 0; at < DOWNLOADS_A_TURN; at += 1) await loads[how]();
    const ms = performance.now() - start;
    const { user, system } = process.cpuUsage(used);
    return { ms: ms / DOWNLOADS_A_TURN, cpuMs: (user + system) / MICROSECONDS / DOWNLOADS_A_TURN };
  };
  // The first ones make the connections and warm the code up.
  for (const how of WITH_AND_WITHOUT) await take(how);
  for (let at = 0; at < given.turns; at += 1) {
    for (const how of at % 2 === 0 ? WITH_AND_WITHOUT : WITH_AND_WITHOUT.toReversed())
      turns[how].push(await take(how));
  }
  // It leaves more garbage, which is not to be collected in a turn of the others.
  await take('fetch');
  for (let at = 0; at < given.turns; at += 1) turns.fetch.push(await take('fetch'));
  const loadedFigures = HOW_LOADED.flatMap((how): readonly Figure[] => [
    { metric: how, unit: 'ms', value: summarise(turns[how].map(({ ms }) => ms)).p50 },
    { metric: `${how}, processors`, unit: 'ms', value: summarise(turns[how].map(({ cpuMs }) => cpuMs)).p50 },
  ]);
  return [...loadedFigures, { metric: 'sha256 alone', unit: 'ms', value: hashMs(await loads.fetch()) }];
}

/** How long the hash takes that no verification can do without, the bytes being there. */
function hashMs(bytes: Uint8Array): number {
  const samples = Array.from({ length: DOWNLOADS_A_TURN }, () => {
    const start = performance.now();
    createHash('sha256').update(bytes).digest();
    return performance.now() - start;
  });
  return summarise(samples).p50;
}

/** As a loader of three does it, which asks for no hash. */
async function fetchFile({ homeserver, token, ref }: Extract<Job, { kind: 'file' }>): Promise<Uint8Array> {
  const ofHomeserver = ref.src.startsWith('mxc://');
  const url = ofHomeserver
    ? `${homeserver}/_matrix/client/v1/media/download/${ref.src.slice('mxc://'.length)}`
    : ref.src;
  const answer = await fetch(url, ofHomeserver ? { headers: { authorization: `Bearer ${token}` } } : {});
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function loadCrowd(given: Extract<Job, { kind: 'crowd' }>): Promise<readonly Figure[]> {
  const loader = await open(given, true);
  const before = sockets.read();
  const start = performance.now();
  await Promise.all(Array.from({ length: given.times }, () => loader.load(given.ref)));
  return [
    { metric: 'all have it', unit: 'ms', value: performance.now() - start },
    { metric: 'read from the network', unit: 'bytes', value: sockets.read() - before },
  ];
}

async function open({ homeserver, token }: Job, verify: boolean): Promise<AssetLoader> {
  const server = await connectHomeserver({ url: homeserver, token });
  const sources: AssetSources = {
    mxc: { scheme: 'mxc', fetch: ({ text }, options) => server.download(parseMxcUri(text), options) },
    https: httpsSource(systemGet(['127.0.0.1/32'])),
  };
  const unverified = () => ({ update: () => undefined, digest: async () => UNVERIFIED });
  const startHash = verify ? startFileHash : unverified;
  return new AssetLoader({ sources, cache: null, timers: systemTimers, startHash });
}
