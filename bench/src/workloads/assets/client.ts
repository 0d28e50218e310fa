// A client in a process of its own: what it takes to have files.

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

const UNVERIFIED = '0'.repeat(64);
const sockets = countSockets();

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
  const loaders = { verified: await open(given, true), unverified: await open(given, false) };
  const times: Record<keyof typeof loaders, number[]> = { verified: [], unverified: [] };
  const load = async (how: keyof typeof loaders): Promise<number> => {
    const start = performance.now();
    await loaders[how].load(how === 'verified' ? given.ref : { src: given.ref.src });
    return performance.now() - start;
  };
  // The first ones make the connections and warm the code up.
  await load('verified');
  await load('unverified');
  for (let at = 0; at < given.times; at += 1) {
    const order = ['verified', 'unverified'] as const;
    for (const how of at % 2 === 0 ? order : order.toReversed()) times[how].push(await load(how));
  }
  return (['verified', 'unverified'] as const).map((metric) => ({
    ...{ metric, unit: 'ms' },
    value: summarise(times[metric]).p50,
  }));
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
