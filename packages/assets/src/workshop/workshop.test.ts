import {
  composeEdit,
  type EditDraft,
  newActorId,
  type ObjectId,
  parseUserId,
  Replica,
  type Scene,
} from '@weft/core';
import { SeededRandom } from '@weft/testing';
import {
  dracoGlb,
  makeGlb,
  triangleBytes,
  triangleDocument,
  triangleGlb,
  turnedMesh,
} from '@weft/testing/gltf';
import { describe, expect, test } from 'vitest';
import { AssetError } from '../asset-error.ts';
import { openDecoder } from '../decode/node-decoder.ts';
import { exportGlb } from '../export/export-glb.ts';
import type { ExportPorts } from '../export/export-source.ts';
import { writeGlb } from '../export/write-glb.ts';
import { startNodeHash } from '../hash/node-hash.ts';
import { explodeGlb } from '../import/explode-glb.ts';
import { type Hand, HiredWorkshop } from './hired-workshop.ts';
import { openWorkshop } from './node.ts';
import { Turns } from './turns.ts';
import { MAX_WORK_MS, MAX_WORKERS, PART_OBJECTS, type Worked, type WorkPart } from './workshop.ts';

const never = new AbortController().signal;
const BALL = turnedMesh([
  [0, 0],
  [1, 1],
  [0, 2],
]);

/** So many nodes, each with a mesh that is its own. */
function modelOf(parts: number): Uint8Array {
  const { meshes: [mesh] = [] } = triangleDocument();
  return makeGlb(
    {
      ...triangleDocument(),
      meshes: Array.from({ length: parts }, (_, at) => ({ ...mesh, name: `Part ${at}` })),
      nodes: Array.from({ length: parts }, (_, at) => ({ name: `Part ${at}`, mesh: at })),
      scenes: [{ nodes: Array.from({ length: parts }, (_, at) => at) }],
    },
    triangleBytes(),
  );
}

function sceneOf(furnish: (draft: EditDraft) => void): Scene {
  const random = new SeededRandom('workshop').bytes;
  const replica = new Replica({ actor: newActorId(random), now: () => 1_700_000_000_000 });
  const access = { userId: parseUserId('@builder:localhost'), level: 25 };
  replica.write(composeEdit(replica, access, random, (draft) => furnish(draft)).patch, 'local');
  return replica.scene;
}

/** More than goes to a worker in one part, with something of everything that an export writes. */
function village(): Scene {
  return sceneOf((draft) => {
    const street = draft.add({ node: { name: 'Street' }, transform: { position: [5, 0, 0] } });
    for (let at = 0; at <= PART_OBJECTS; at += 1) {
      draft.add({
        parent: street,
        node: { name: `Stone ${at}` },
        transform: { position: [at, 0.5, 0], rotation: [0, 0.6, 0, 0.8] },
        primitive: { shape: at % 2 === 0 ? 'box' : 'sphere' },
        material: { baseColorFactor: [0.5, at / 1_000, 0, 1] },
      });
    }
    draft.add({ node: { name: 'Sign' }, mesh: { src: 'mxc://localhost/sign' } });
    draft.add({ node: { name: 'Ball' }, mesh: { src: 'mxc://localhost/ball' } });
    draft.add({ node: { name: 'Lost' }, mesh: { src: 'mxc://localhost/lost' } });
    draft.add({ node: { name: 'Sun' }, light: { type: 'directional', intensity: 3 } });
    draft.add({ portal: { room: '!abc', via: ['a.org'], label: 'Hall' }, 'acme:door': { open: [1, 2.5] } });
    draft.add({ spawn: { name: 'north' }, link: { href: 'https://example.org/' } });
  });
}

async function portsOf(scene: Scene, write: ExportPorts['write']): Promise<ExportPorts> {
  const files = new Map([
    ['mxc://localhost/sign', triangleGlb()],
    ['mxc://localhost/ball', await dracoGlb(BALL)],
  ]);
  return {
    scene,
    write,
    async load({ src }) {
      const bytes = files.get(src);
      if (bytes === undefined) throw new Error('nobody has it');
      return bytes;
    },
  };
}

describe('a thread of its own', () => {
  test('[AS97] takes a model apart as it is taken apart here, tells how far it is, and gives the files with their hashes', async () => {
    const told: string[] = [];
    const onProgress = (done: number, total: number) => void told.push(`${done} of ${total}`);
    for (const glb of [modelOf(3), await dracoGlb(BALL)]) {
      const decoder = openDecoder();
      const here = await explodeGlb(glb, { name: 'thing', startHash: startNodeHash, decoder });
      decoder.stop();
      expect(await openWorkshop().explode(glb, 'thing', { signal: never, onProgress })).toEqual(here);
      expect(here.meshes.map(({ sha256 }) => sha256)).toEqual(
        await Promise.all(here.meshes.map(({ glb: mesh }) => startNodeHash().digest(mesh))),
      );
      expect(glb.length).toBeGreaterThan(0);
    }
    expect(told).toEqual(['1 of 3', '2 of 3', '3 of 3', '1 of 1']);
  });

  test('[AS97] writes a world as it is written here, to the byte, also of what is in several parts and where it is placed', async () => {
    const scene = village();
    const idOf = (name: string) => [...scene.ids()].find((id) => scene.get(id)?.node?.name === name);
    const some = ['Stone 3', 'Sign', 'Ball'].flatMap(
      (name): ObjectId | readonly ObjectId[] => idOf(name) ?? [],
    );
    const decoder = openDecoder();
    const workshop = openWorkshop();
    const told: string[] = [];
    for (const from of [undefined, some]) {
      const options = { title: 'Village', ...(from === undefined ? {} : { from }) };
      const here = await exportGlb(
        await portsOf(scene, (gathered) => writeGlb(gathered, { decoder })),
        options,
      );
      const there = await exportGlb(
        await portsOf(scene, (gathered, how) => workshop.writeGlb(gathered, how)),
        { ...options, onProgress: ({ step, done, total }) => told.push(`${step} ${done} of ${total}`) },
      );
      expect(there).toEqual(here);
      expect(there.objects).toBe(from?.length ?? PART_OBJECTS + 8);
    }
    decoder.stop();
    expect(told.slice(0, 6)).toEqual([
      ...[
        'load 1 of 3',
        'load 2 of 3',
        'load 3 of 3',
        'write 0 of 258',
        'write 100 of 258',
        'write 200 of 258',
      ],
    ]);
  });

  test('[AS99] a refusal comes back by its name and in its words, a failure as unreadable', async () => {
    const deep = makeGlb(
      {
        ...triangleDocument(),
        nodes: Array.from({ length: 201 }, (_, at) => (at < 200 ? { children: [at + 1] } : {})),
      },
      triangleBytes(),
    );
    for (const [glb, code] of [
      [deep, 'too-large'],
      [new Uint8Array(3), 'not-a-glb'],
    ] as const) {
      const here = await explodeGlb(glb, { name: 'thing', startHash: startNodeHash }).catch(String);
      const there = openWorkshop().explode(glb, 'thing', { signal: never, onProgress: () => undefined });
      const error = await there.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(AssetError);
      expect([error instanceof AssetError && error.code, String(error)]).toEqual([code, here]);
    }
    const broken = new HiredWorkshop(
      () => handOf(Promise.resolve({ work: 'failed', why: 'out of memory', refusal: null })),
      { after: () => () => undefined },
      new Turns(1),
    );
    await expect(
      broken.explode(deep, 'thing', { signal: never, onProgress: () => undefined }),
    ).rejects.toMatchObject({ code: 'unreadable', got: 'out of memory' });
  });
});

function handOf(done: Promise<Worked>, given: WorkPart[] = [], dismiss = () => undefined): Hand {
  return { done, give: (part) => void given.push(part), dismiss };
}

describe('work that is given up', () => {
  test('[AS98] ends with its worker at once, whatever that is at, and nothing more is handed to it', async () => {
    const given: WorkPart[] = [];
    let dismissed = 0;
    const waiting: (() => void)[] = [];
    const workshop = new HiredWorkshop(
      () =>
        handOf(new Promise<Worked>(() => undefined), given, () => {
          dismissed += 1;
          return undefined;
        }),
      {
        after(ms, run) {
          if (ms < MAX_WORK_MS) waiting.push(run);
          return () => undefined;
        },
      },
      new Turns(1),
    );
    const stop = new AbortController();
    const { signal } = stop;
    const exported = exportGlb(
      await portsOf(village(), (gathered, how) => workshop.writeGlb(gathered, how)),
      { signal },
    ).catch((error: unknown) => error);
    await expect.poll(() => given.length).toBe(1);
    stop.abort();
    expect(await exported).toMatchObject({ code: 'aborted' });
    for (const next of waiting) next();
    expect([given.length, dismissed]).toEqual([1, 1]);
    const apart = workshop.explode(modelOf(1), 'thing', { signal, onProgress: () => undefined });
    await expect(apart).rejects.toMatchObject({ code: 'aborted' });
    expect(dismissed).toBe(1);
  });

  test('[AS98] a thread that takes a model apart is gone when that is given up half way', async () => {
    const stop = new AbortController();
    const apart = openWorkshop().explode(modelOf(400), 'thing', {
      signal: stop.signal,
      onProgress: (done) => {
        if (done === 3) stop.abort();
      },
    });
    await expect(apart).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('several pieces of work at once', () => {
  test('[AS96] have as many workers as there may be; one more gets its worker, and its time, when one of them is gone', async () => {
    const hired: PromiseWithResolvers<Worked>[] = [];
    let clocks = 0;
    const workshop = new HiredWorkshop(
      () => {
        const answer = Promise.withResolvers<Worked>();
        hired.push(answer);
        return handOf(answer.promise);
      },
      {
        after() {
          clocks += 1;
          return () => undefined;
        },
      },
      new Turns(MAX_WORKERS),
    );
    const begin = (signal = never) =>
      workshop.explode(modelOf(1), 'thing', { signal, onProgress: () => undefined }).catch(codeOf);
    const all = Array.from({ length: MAX_WORKERS }, () => begin());
    const stop = new AbortController();
    const stopped = begin(stop.signal);
    const last = begin();
    await expect.poll(() => hired.length).toBe(MAX_WORKERS);
    stop.abort();
    expect(await stopped).toBe('aborted');
    expect([hired.length, clocks]).toEqual([MAX_WORKERS, MAX_WORKERS]);
    hired[0]?.reject(new Error('died'));
    expect(await all[0]).toBe('unreadable');
    await expect.poll(() => [hired.length, clocks]).toEqual([MAX_WORKERS + 1, MAX_WORKERS + 1]);
    for (const { reject } of hired) reject(new Error('died'));
    expect(await last).toBe('unreadable');
  });
});

const codeOf = (error: unknown) => (error instanceof AssetError ? error.code : String(error));
