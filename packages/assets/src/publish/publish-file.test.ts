import { makeGlb, triangleBytes, triangleDocument, triangleGlb } from '@weft/testing/gltf';
import { describe, expect, test } from 'vitest';
import { wastefulModel } from '../../test/models.ts';
import { AssetError } from '../asset-error.ts';
import { openDecoder } from '../decode/node-decoder.ts';
import { checkGlb } from '../gltf/glb.ts';
import { startNodeHash } from '../hash/node-hash.ts';
import type { AssetScheme } from '../reference/address.ts';
import type { AssetSink, FileToStore } from '../source/asset-source.ts';
import { doWork, type WorkTools } from '../workshop/do-work.ts';
import { HiredWorkshop } from '../workshop/hired-workshop.ts';
import { openWorkshop } from '../workshop/node.ts';
import { PartQueue } from '../workshop/part-queue.ts';
import { Turns } from '../workshop/turns.ts';
import {
  MAX_WORK_MS,
  MAX_WORKERS,
  type Worked,
  type WorkOptions,
  type Workshop,
} from '../workshop/workshop.ts';
import { fileKindOf } from './file-kind.ts';
import { drawnCorners } from './optimise/drawn-corners.ts';
import { MAX_PUBLISHED_BYTES, type PublishOptions, publishFile } from './publish-file.ts';
import type { PublishProgress } from './published-asset.ts';
import { MAX_THUMBNAIL_MS } from './thumbnail/limits.ts';
import { drawerOf } from './thumbnail/node.ts';
import { nodeImaging } from './thumbnail/node-imaging.ts';

const PNG = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
);

class Shelf implements AssetSink {
  readonly scheme: AssetScheme;
  readonly stored: { readonly bytes: Uint8Array; readonly name: string; readonly type: string }[] = [];
  refusal: Error | null = null;
  constructor(scheme: AssetScheme) {
    this.scheme = scheme;
  }
  async store(bytes: Uint8Array, { name, type }: { readonly name: string; readonly type: string }) {
    if (this.refusal !== null) throw this.refusal;
    this.stored.push({ bytes, name, type });
    return `${this.scheme}://here/${this.stored.length}`;
  }
}

const sha256 = async (bytes: Uint8Array) => `hash of ${bytes.length}`;
const never = { after: () => () => undefined };
const TOOLS: WorkTools = {
  ...{ encoder: async () => (await import('sharp')).default, imaging: nodeImaging },
  ...{ startHash: startNodeHash, openDecoder },
};
/** Works in this thread, as a worker would. */
const here: Workshop = new HiredWorkshop(
  (work, tell) => ({
    done: doWork(work, TOOLS, { parts: new PartQueue(), tell }),
    ...{ give: () => undefined, dismiss: () => undefined },
  }),
  never,
  new Turns(MAX_WORKERS),
);

function setUp(workshop: Pick<Workshop, 'validate' | 'optimise'> = here) {
  const [mxc, ipfs] = [new Shelf('mxc'), new Shelf('ipfs')];
  const ports = { sinks: [mxc, ipfs], workshop, sha256 };
  const publish = (bytes: Uint8Array, options: Partial<PublishOptions> = {}) =>
    publishFile(ports, bytes, { name: 'chair.glb', ...options });
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'nothing',
      (error: unknown) => (error instanceof AssetError ? error.code : String(error)),
    );
  return { mxc, ipfs, ports, publish, codeOf };
}

describe('publishing', () => {
  test('[AS63] gives a reference that verifies, with bounds, in every place asked for', async () => {
    const { mxc, ipfs, publish } = setUp();
    const told: PublishProgress[] = [];
    const published = await publish(triangleGlb(), {
      to: ['ipfs', 'mxc'],
      onProgress: (step) => told.push(step),
    });
    expect(published).toMatchObject({
      src: 'ipfs://here/1',
      alt: ['mxc://here/1'],
      sha256: `hash of ${triangleGlb().length}`,
      bytes: triangleGlb().length,
      type: 'model/gltf-binary',
      bounds: { min: [0, 0, 3], max: [1, 2, 3] },
      report: { isValid: true },
      ...{ savings: null, thumbnail: null, failed: [], notes: [] },
    });
    expect(mxc.stored[0]?.bytes).toEqual(ipfs.stored[0]?.bytes);
    expect(told.map(({ step }) => step)).toEqual(['validate', 'store', 'store', 'stored', 'stored']);
  });

  test('[AS63] what one place refuses and another takes is published, and says so; what none takes is not', async () => {
    const { ipfs, mxc, publish, codeOf } = setUp();
    ipfs.refusal = new Error('the disk is full');
    const published = await publish(PNG, { to: ['ipfs', 'mxc'] });
    expect(published).toMatchObject({
      src: 'mxc://here/1',
      alt: [],
      type: 'image/png',
      bounds: null,
      report: null,
    });
    expect(published.failed).toMatchObject([{ to: 'ipfs', error: { code: 'not-stored' } }]);
    expect(published.failed[0]?.error.message).toContain('the disk is full');
    mxc.refusal = new AssetError('too-large', { what: 'x', expected: 'y', got: 'z', hint: 'w.' });
    const both = publish(PNG, { to: ['ipfs', 'mxc'] });
    expect(await codeOf(both)).toBe('not-stored');
    await expect(both).rejects.toThrow(/ipfs: .*disk is full.* mxc: Cannot x/);
  });

  test('[AS63] what is refused is refused before anything is stored', async () => {
    const { mxc, publish, codeOf } = setUp();
    const wrong = triangleDocument();
    Object.assign(wrong.accessors[0] ?? {}, { max: [9, 2, 3] });
    const invalid = makeGlb(wrong, triangleBytes());
    expect(await codeOf(publish(new Uint8Array()))).toBe('unknown-kind');
    expect(await codeOf(publish(new TextEncoder().encode('MZ, named .glb')))).toBe('unknown-kind');
    expect(await codeOf(publish(new Uint8Array(MAX_PUBLISHED_BYTES + 1)))).toBe('too-large');
    expect(await codeOf(publish(triangleGlb().subarray(0, 60)))).toBe('malformed-glb');
    expect(await codeOf(publish(invalid))).toBe('invalid-model');
    const bomb = PNG.slice();
    new DataView(bomb.buffer).setUint32(16, 65_535);
    new DataView(bomb.buffer).setUint32(20, 65_535);
    expect(await codeOf(publish(bomb))).toBe('unreadable');
    expect(await codeOf(publish(PNG.subarray(0, 12)))).toBe('unreadable');
    expect(await codeOf(publish(PNG, { to: ['https'] }))).toBe('unsupported-source');
    expect(await codeOf(publish(PNG, { to: [] }))).toBe('unsupported-source');
    expect(mxc.stored).toEqual([]);
    const published = await publish(invalid, { despiteErrors: true });
    expect(published.report?.isValid).toBe(false);
    expect(mxc.stored).toHaveLength(1);
  });

  test('[AS63] a thumbnail is stored beside the file; one that cannot be drawn or stored is told, and no more', async () => {
    const { mxc, ports } = setUp();
    const drawThumbnail = async () => ({ bytes: PNG, type: 'image/png' });
    const options = { name: 'dot.png', thumbnail: true };
    const drawn = await publishFile({ ...ports, drawThumbnail }, PNG, options);
    expect(drawn.thumbnail).toMatchObject({ src: 'mxc://here/2', type: 'image/png', bytes: PNG.length });
    expect(mxc.stored.map(({ name }) => name)).toEqual(['dot.png', 'dot.png thumbnail']);
    const notes = async (draw: typeof drawThumbnail | undefined) =>
      (await publishFile({ ...ports, drawThumbnail: draw }, PNG, options)).notes;
    expect(await notes(undefined)).toEqual(['There is no thumbnail: nothing here can draw.']);
    expect(await notes(() => Promise.reject(new Error('no WebGL.')))).toEqual([
      'There is no thumbnail: no WebGL.',
    ]);
  });

  test('[AS76] a model has a thumbnail as a picture has; one without a surface has none, is published, and says why', async () => {
    const { mxc, ports } = setUp();
    const drawing = { ...ports, drawThumbnail: drawerOf(here) };
    const told: PublishProgress[] = [];
    const model = await publishFile(drawing, triangleGlb(), {
      ...{ name: 'sign.glb', thumbnail: true },
      onProgress: (step) => told.push(step),
    });
    expect(model.thumbnail).toMatchObject({ src: 'mxc://here/2', type: 'image/png' });
    expect(fileKindOf(mxc.stored[1]?.bytes ?? new Uint8Array())?.type).toBe('image/png');
    expect([model.notes, told.map(({ step }) => step)]).toEqual([
      [],
      ['validate', 'picture', 'store', 'stored'],
    ]);
    const picture = await publishFile(drawing, PNG, { name: 'dot.png', thumbnail: true });
    expect(picture.thumbnail?.type).toBe('image/webp');
    const empty = triangleDocument();
    Object.assign(empty.nodes[0] ?? {}, { mesh: undefined });
    const published = await publishFile(drawing, makeGlb(empty, triangleBytes()), {
      ...{ name: 'empty.glb', thumbnail: true, despiteErrors: true },
    });
    expect([published.thumbnail, published.notes]).toEqual([
      null,
      ['There is no thumbnail: it has no surface that could be seen.'],
    ]);
    const sound = Uint8Array.from([...'fLaC\0\0\0\0'].map((letter) => letter.charCodeAt(0)));
    expect((await publishFile(drawing, sound, { name: 'a.flac', thumbnail: true })).notes).toEqual([
      'There is no thumbnail: nothing here draws a FLAC sound.',
    ]);
  });

  test('[AS75] a thumbnail that takes too long is given up with its worker, and the model is published without', async () => {
    const alarms: (readonly [ms: number, run: () => void])[] = [];
    const drawing = new HiredWorkshop(
      () => ({ done: new Promise<Worked>(() => undefined), give: () => undefined, dismiss: () => undefined }),
      {
        after(ms, run) {
          alarms.push([ms, run]);
          return () => undefined;
        },
      },
      new Turns(1),
    );
    const { ports } = setUp();
    const publishing = publishFile({ ...ports, drawThumbnail: drawerOf(drawing) }, triangleGlb(), {
      ...{ name: 'slow.glb', thumbnail: true },
    });
    await expect.poll(() => alarms.length).toBe(1);
    expect(alarms[0]?.[0]).toBe(MAX_THUMBNAIL_MS);
    alarms[0]?.[1]();
    const { thumbnail, notes } = await publishing;
    expect(thumbnail).toBeNull();
    expect(notes).toEqual([expect.stringContaining('expected an end within 30 s')]);
  });

  test('[AS82] whoever publishes is told how much has left for each place that knows, and never more than there is', async () => {
    const { mxc, ipfs, publish } = setUp();
    const store = mxc.store.bind(mxc);
    mxc.store = (bytes, file: FileToStore) => {
      for (const sent of [10, PNG.length, PNG.length + 200]) file.onSent?.(sent);
      return store(bytes, file);
    };
    const told: PublishProgress[] = [];
    await publish(PNG, { to: ['mxc', 'ipfs'], onProgress: (step) => told.push(step) });
    const sent = (sentBytes: number) => ({ step: 'sending', to: 'mxc', sentBytes, bytes: PNG.length });
    expect(told.filter(({ step }) => step === 'sending')).toEqual([
      sent(10),
      sent(PNG.length),
      sent(PNG.length),
    ]);
    expect(ipfs.stored).toHaveLength(1);
  });

  test('[AS64] optimising is kept where the model is smaller, as valid, and draws the same', async () => {
    const { mxc, publish } = setUp();
    const model = await wastefulModel(256);
    const published = await publish(model, { optimise: { maxTextureSide: 64 } });
    const { savings } = published;
    expect(savings).toMatchObject({ beforeBytes: model.length, isKept: true });
    expect(savings?.afterBytes).toBe(published.bytes);
    expect(published.bytes).toBeLessThan(model.length / 4);
    const [stored] = mxc.stored;
    expect(stored?.bytes).toHaveLength(published.bytes);
    const [before, after] = [checkGlb(model), checkGlb(stored?.bytes ?? new Uint8Array())];
    for (const side of ['min', 'max'] as const)
      for (const axis of [0, 1, 2])
        expect(after.bounds?.[side][axis]).toBeCloseTo(before.bounds?.[side][axis] ?? Number.NaN, 2);
    expect(drawnCorners(stored?.bytes ?? new Uint8Array())).toBe(drawnCorners(model));
    expect(published.report?.facts.materials).toBe(1);
    expect(published.report?.isValid).toBe(true);
  });

  test('[AS64] a model that optimising would not make smaller, or would rob of an extension, stays as it is', async () => {
    const { publish } = setUp();
    const small = await publish(triangleGlb(), { optimise: true });
    expect(small).toMatchObject({ bytes: triangleGlb().length, savings: { isKept: false } });
    const document = { ...triangleDocument(), extensionsUsed: ['OMI_link'] };
    Object.assign(document.nodes[0] ?? {}, { extensions: { OMI_link: { uri: '#spawn' } } });
    const linked = await publish(makeGlb(document, triangleBytes()), { optimise: { meshes: 'plain' } });
    expect(linked.savings).toMatchObject({ isKept: false });
    expect(linked.savings?.why).toContain('OMI_link');
    expect((await publish(PNG, { optimise: true })).notes[0]).toContain('PNG picture');
    const broken = {
      validate: (glb: Uint8Array, options: WorkOptions) => here.validate(glb, options),
      optimise: () => Promise.reject(new Error('out of memory')),
    };
    const { savings, failed } = await setUp(broken).publish(triangleGlb(), { optimise: true });
    expect([savings?.isKept, savings?.why, failed]).toEqual([false, 'Optimising failed: out of memory', []]);
  });
});

describe('the workshop', () => {
  test('[AS65] a worker that takes too long, dies or is given up is dismissed, with a named error', async () => {
    let alarm: (() => void) | undefined;
    let dismissed = 0;
    const done: PromiseWithResolvers<Worked>[] = [];
    const workshop = new HiredWorkshop(
      () => {
        const answer = Promise.withResolvers<Worked>();
        done.push(answer);
        const dismiss = () => {
          dismissed += 1;
        };
        return { done: answer.promise, give: () => undefined, dismiss };
      },
      {
        after(ms, run) {
          expect(ms).toBe(MAX_WORK_MS);
          alarm = run;
          return () => undefined;
        },
      },
      new Turns(1),
    );
    const { publish, codeOf, mxc } = setUp(workshop);
    const hired = (times: number) => expect.poll(() => done.length).toBe(times);
    const slow = publish(triangleGlb());
    await hired(1);
    alarm?.();
    expect(await codeOf(slow)).toBe('timed-out');
    const dead = publish(triangleGlb());
    await hired(2);
    done[1]?.reject(new Error('out of memory'));
    expect(await codeOf(dead)).toBe('unreadable');
    const cancel = new AbortController();
    const stopped = publish(triangleGlb(), { signal: cancel.signal });
    await hired(3);
    cancel.abort();
    expect(await codeOf(stopped)).toBe('aborted');
    expect(await codeOf(publish(triangleGlb(), { signal: cancel.signal }))).toBe('aborted');
    expect([dismissed, mxc.stored.length]).toEqual([3, 0]);
  });

  test('[AS65] a thread validates, optimises, and is gone when its work is given up', async () => {
    const { publish, codeOf } = setUp(openWorkshop());
    const published = await publish(await wastefulModel(), { optimise: { meshes: 'meshopt' } });
    expect(published.savings).toMatchObject({ isKept: true });
    expect(published.report?.facts.extensions).toContain('EXT_meshopt_compression');
    const cancel = new AbortController();
    const stopped = publish(triangleGlb(), { signal: cancel.signal });
    cancel.abort();
    expect(await codeOf(stopped)).toBe('aborted');
  });
});
