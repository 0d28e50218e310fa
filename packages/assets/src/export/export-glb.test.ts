import {
  composeEdit,
  type EditDraft,
  newActorId,
  type ObjectId,
  parseUserId,
  Replica,
  ROOT,
  type Scene,
} from '@weft/core';
import { propertySettings, SeededRandom } from '@weft/testing';
import {
  dracoGlb,
  makeGlb,
  triangleBytes,
  triangleDocument,
  triangleGlb,
  turnedMesh,
  withDraco,
} from '@weft/testing/gltf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssetError } from '../asset-error.ts';
import { openDecoder } from '../decode/node-decoder.ts';
import { MAX_MODEL_METRES } from '../gltf/bounds.ts';
import { MAX_GLB_BYTES, readContainer } from '../gltf/container.ts';
import { checkGlb } from '../gltf/glb.ts';
import { startNodeHash } from '../hash/node-hash.ts';
import { explodeGlb } from '../import/explode-glb.ts';
import type { ExplodedModel } from '../import/exploded-model.ts';
import { drawnCorners } from '../publish/optimise/drawn-corners.ts';
import { validateModel } from '../publish/report/validate-model.ts';
import { exportGlb } from './export-glb.ts';
import type { ExportGlbOptions } from './export-source.ts';
import { writeGlb } from './write-glb.ts';

const startHash = startNodeHash;
const explode = (glb: Uint8Array) => explodeGlb(glb, { startHash });
const access = { userId: parseUserId('@builder:localhost'), level: 25 };

function worldOf(furnish: (draft: EditDraft) => unknown, seed = 'export'): Scene {
  const random = new SeededRandom(seed).bytes;
  const replica = new Replica({ actor: newActorId(random), now: () => 1_700_000_000_000 });
  replica.write(composeEdit(replica, access, random, (draft) => void furnish(draft)).patch, 'local');
  return replica.scene;
}

const files = new Map<string, Uint8Array>();

async function write(scene: Scene, options: ExportGlbOptions = {}) {
  const load = async ({ src }: { readonly src: string }) => {
    const bytes = files.get(src);
    if (bytes !== undefined) return bytes;
    throw new AssetError('missing', {
      what: 'fetch it',
      expected: 'a file',
      got: 'none',
      hint: 'Import it.',
    });
  };
  return exportGlb({ scene, load, write: writeGlb }, options);
}

/** What a model that was taken apart would be as a world, its meshes by their place in the list. */
function rebuilt({ objects, meshes }: ExplodedModel): Scene {
  return worldOf((draft) => {
    const ids: ObjectId[] = [];
    for (const { parent, components, mesh } of objects) {
      const shown =
        mesh === null
          ? {}
          : { mesh: { src: `mxc://localhost/${mesh}`, bytes: meshes[mesh]?.glb.length ?? 0 } };
      ids.push(
        draft.add({ parent: parent === null ? ROOT : (ids[parent] ?? ROOT), ...components, ...shown }),
      );
    }
  });
}

/** All that a scene shows but ids, order keys and where its models are. */
function shape(scene: Scene, id: ObjectId = ROOT): unknown[] {
  return scene.children(id).map((child) => {
    const object = scene.get(child);
    const components = Object.fromEntries(
      (object?.componentNames ?? []).map((name) => [name, { ...object?.component(name) }]),
    );
    const { parent: _, order: __, created: ___, ...node } = components.node ?? {};
    const { mesh, ...others } = components;
    return { ...others, node, mesh: mesh === undefined ? null : 'model', children: shape(scene, child) };
  });
}

describe('a world as one GLB', () => {
  test('[AS70] shows primitives, models, lights, links and spawn points to whoever reads glTF, without fault', async () => {
    files.set('mxc://localhost/sign', triangleGlb());
    const scene = worldOf((draft) => {
      const table = draft.add({
        node: { name: 'Table' },
        transform: { position: [1.5, 0, -2] },
        primitive: { shape: 'cylinder', size: [2, 1, 4] },
        material: { baseColorFactor: [1, 0, 0, 1], emissiveStrength: 3, emissiveFactor: [1, 1, 1] },
      });
      for (const name of ['Left', 'Right'])
        draft.add({ parent: table, node: { name }, mesh: { src: 'mxc://localhost/sign' } });
      draft.add({ node: { name: 'Sun' }, light: { type: 'directional', intensity: 3 } });
      draft.add({ node: { name: 'Everywhere' }, light: { type: 'ambient' } });
      draft.add({ spawn: { name: 'north', radius: 2 } });
      draft.add({ portal: { room: '!abc', via: ['a.org'], spawn: 'hall', label: 'Hall' } });
      draft.add({ text: { value: 'Welcome', size: 0.5 }, 'acme:door': { open: true } });
    });
    const told: string[] = [];
    const { glb, objects, models, notes } = await write(scene, {
      title: 'Plaza',
      onProgress: ({ step, done, total }) => told.push(`${step} ${done} of ${total}`),
    });
    expect([objects, models, notes, told]).toEqual([8, 1, [], ['load 1 of 1', 'write 0 of 8']]);
    const report = await validateModel(glb);
    expect(report.findings.filter(({ severity }) => severity !== 'remark')).toEqual([]);
    expect(checkGlb(glb)).toMatchObject({
      nodes: 8,
      meshes: 2,
      bounds: { min: [0.5, -0.5, -4], max: [2.5, 2, 1] },
    });
    const { json } = readContainer(glb, 'read it');
    expect(json).toMatchObject({
      scenes: [{ name: 'Plaza' }],
      nodes: [
        { name: 'Table', translation: [1.5, 0, -2], mesh: expect.any(Number) },
        { name: 'Left', mesh: expect.any(Number) },
        { name: 'Right', mesh: expect.any(Number) },
        { name: 'Sun', extensions: { KHR_lights_punctual: { light: 0 } } },
        { name: 'Everywhere', extras: { weft: { components: { light: { type: 'ambient' } } } } },
        { extensions: { OMI_spawn_point: { title: 'north' } } },
        { extensions: { OMI_link: { uri: 'matrix:roomid/abc?via=a.org#hall', title: 'Hall' } } },
        {
          extras: {
            weft: { components: { text: { value: 'Welcome', size: 0.5 }, 'acme:door': { open: true } } },
          },
        },
      ],
      extensionsUsed: expect.arrayContaining(['KHR_lights_punctual', 'OMI_link', 'OMI_spawn_point']),
    });
  });

  test('[AS71] taken apart again it is the same world, and its model the same file each time', async () => {
    const tree = {
      ...triangleDocument(),
      nodes: [
        { name: 'Post', children: [1] },
        { name: 'Board', mesh: 0 },
      ],
    };
    files.set('mxc://localhost/sign', triangleGlb());
    files.set('mxc://localhost/post', makeGlb(tree, triangleBytes()));
    const scene = worldOf((draft) => {
      const house = draft.add({
        node: { name: 'House', tags: ['old'] },
        transform: { rotation: [0, 0.6, 0, 0.8] },
      });
      draft.add({ parent: house, node: { name: 'Sign' }, mesh: { src: 'mxc://localhost/sign' } });
      draft.add({ parent: house, node: { name: 'Post' }, mesh: { src: 'mxc://localhost/post' } });
      draft.add({ parent: house, node: { name: 'Other post' }, mesh: { src: 'mxc://localhost/post' } });
      draft.add({ node: { name: 'Flat' }, primitive: { shape: 'box', size: [1, 0, 1] } });
      draft.add({ 'gltf:node': { extras: { mine: 1 }, extensions: { ACME_x: { y: [2] } } } });
    });
    const { glb } = await write(scene);
    const exploded = await explode(glb);
    expect(exploded.notes).toEqual([]);
    expect(withDefaults(shape(rebuilt(exploded)))).toEqual(withDefaults(shape(scene)));
    expect(exploded.meshes.map(({ bounds }) => bounds)).toEqual(
      [triangleGlb(), makeGlb(tree, triangleBytes()), makeGlb(tree, triangleBytes())].map(
        (each) => checkGlb(each).bounds,
      ),
    );
    for (const [at, mesh] of exploded.meshes.entries()) files.set(`mxc://localhost/${at}`, mesh.glb);
    const again = await explode((await write(rebuilt(exploded))).glb);
    expect(again.meshes.map((mesh) => mesh.glb)).toEqual(exploded.meshes.map((mesh) => mesh.glb));
  });

  test('[AS80] a world that reaches further than a model may is refused: what reaches out is named, and who can move it', async () => {
    const scene = worldOf((draft) => {
      let parent: ObjectId = ROOT;
      for (let depth = 0; depth < 4; depth += 1)
        parent = draft.add({ parent, transform: { scale: [1_000, 1_000, 1_000] } });
      draft.add({ parent, node: { name: 'Huge' }, primitive: { shape: 'box', size: [1, 1, 1] } });
      draft.add({ node: { name: 'Chair' }, primitive: { shape: 'box', size: [1, 1, 1] } });
    });
    const refused = write(scene);
    await expect(refused).rejects.toMatchObject({
      code: 'too-large',
      expected: 'everything within 10^9 m of the origin',
      got: expect.stringMatching(/^“Huge” \(.+\), which reaches further$/),
      hint: expect.stringContaining('have a builder of this world move it nearer'),
    });
    const chair = [...scene.ids()].find((id) => scene.get(id)?.node?.name === 'Chair') ?? ROOT;
    expect((await write(scene, { from: chair })).objects).toBe(1);
    const at = (x: number) =>
      worldOf((draft) => {
        const hundred = draft.add({ transform: { scale: [100, 100, 100] } });
        draft.add({ parent: hundred, transform: { position: [x, 0, 0] }, primitive: { shape: 'box' } });
      });
    expect((await write(at(MAX_MODEL_METRES / 100 - 1))).objects).toBe(2);
    await expect(write(at(MAX_MODEL_METRES / 100))).rejects.toMatchObject({ code: 'too-large' });
  });

  test('[AS81] a model that Draco compressed is put in as what it was made of, and comes out again as plain meshes', async () => {
    const ball = turnedMesh([
      [0, 0],
      [1, 1],
      [0, 2],
    ]);
    const packed = await dracoGlb(ball);
    files.set('mxc://localhost/ball', packed);
    const scene = worldOf((draft) =>
      draft.add({ node: { name: 'Ball' }, mesh: { src: 'mxc://localhost/ball' } }),
    );
    expect((await write(scene)).notes).toEqual([expect.stringContaining('KHR_draco_mesh_compression')]);
    const decoder = openDecoder();
    const { glb, models, notes } = await exportGlb(
      { scene, load: async () => packed, write: (gathered) => writeGlb(gathered, { decoder }) },
      {},
    );
    expect([models, notes]).toEqual([1, []]);
    expect((await validateModel(glb)).isValid).toBe(true);
    const [low, high] = [checkGlb(glb).bounds?.min ?? [], checkGlb(glb).bounds?.max ?? []];
    for (const [at, wanted] of [-1, 0, -1, 1, 2, 1].entries())
      expect([...low, ...high][at]).toBeCloseTo(wanted, 2);
    const apart = await explodeGlb(packed, { decoder, startHash });
    expect(apart.meshes.map(({ glb: mesh }) => drawnCorners(mesh))).toEqual([ball.indices.length]);
    expect(apart.notes).toEqual(['Its meshes were compressed by Draco; they are plain now, and larger.']);
    const broken = withDraco(new Uint8Array(61).fill(7), ball);
    await expect(explodeGlb(broken, { decoder, startHash })).rejects.toMatchObject({ code: 'undecodable' });
    const document = JSON.parse(JSON.stringify(readContainer(packed, 'read it').json));
    for (const accessor of document.accessors) accessor.count = MAX_GLB_BYTES / 8;
    const bomb = makeGlb(document, readContainer(packed, 'read it').bin);
    await expect(explodeGlb(bomb, { decoder, startHash })).rejects.toThrow(AssetError);
    decoder.stop();
  });

  test('[AS79] several objects from different places are written where they are in the world', async () => {
    const scene = worldOf((draft) => {
      const shelf = draft.add({ node: { name: 'Shelf' }, transform: { position: [10, 0, 0] } });
      draft.add({ parent: shelf, node: { name: 'Cup' }, transform: { position: [1, 2, 3] }, primitive: {} });
      draft.add({ node: { name: 'Chair' }, transform: { position: [0, 0, 5] }, primitive: {} });
    });
    const named = (name: string) => [...scene.ids()].find((id) => scene.get(id)?.node?.name === name) ?? ROOT;
    const { glb, objects } = await write(scene, { from: [named('Cup'), named('Chair'), named('Cup')] });
    expect(objects).toBe(2);
    const places = (await explode(glb)).objects.map(({ components }) => [
      components.node?.name,
      components.transform?.position,
    ]);
    expect(places).toEqual([
      ['Cup', [11, 2, 3]],
      ['Chair', [0, 0, 5]],
    ]);
  });

  test('[AS71] any tree of objects comes back: names, transforms, order, lights and all else', async () => {
    files.set('mxc://localhost/sign', triangleGlb());
    // gltf-transform takes what is nearer than 10 µm to no transform for none.
    const number = fc.integer({ min: -1e6, max: 1e6 }).map((millimetres) => millimetres / 1_000);
    const vector = fc.tuple(number, number, number);
    // Eight within each other stay within what a model may reach; what does not is refused, see below.
    const factor = fc.integer({ min: -5_000, max: 5_000 }).map((thousandths) => thousandths / 1_000);
    const part = fc.oneof(
      fc.constant({}),
      fc.constant({ mesh: { src: 'mxc://localhost/sign' } }),
      fc.record({
        primitive: fc.record({
          shape: fc.constantFrom('box', 'cone', 'plane'),
          size: fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(0, 0.5, 3))),
        }),
      }),
      fc.record({
        light: fc.record({
          type: fc.constantFrom('point', 'spot', 'directional', 'ambient'),
          intensity: fc.double({ min: 0, max: 1_000_000, noNaN: true }),
        }),
      }),
      fc.record({ link: fc.record({ href: fc.webUrl(), label: fc.string({ maxLength: 20 }) }) }),
      fc.record({ spawn: fc.record({ name: fc.string({ maxLength: 20 }), default: fc.boolean() }) }),
      fc.record({ 'acme:thing': fc.record({ value: fc.jsonValue({ maxDepth: 2 }) }) }),
    );
    const objects = fc.array(
      fc.record({
        parent: fc.nat(10),
        name: fc.string({ unit: 'grapheme', maxLength: 20 }),
        position: vector,
        scale: fc.tuple(factor, factor, factor),
        angle: fc.integer({ min: -300, max: 300 }).map((hundredths) => hundredths / 100),
        part,
      }),
      { minLength: 2, maxLength: 8 },
    );
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(objects, async (wanted) => {
        const scene = worldOf((draft) => {
          const ids: ObjectId[] = [];
          for (const { parent, name, position, scale, angle, part } of wanted) {
            const rotation = [0, Math.sin(angle), 0, Math.cos(angle)] as const;
            const above = ids.length === 0 || parent === 0 ? ROOT : (ids[parent % ids.length] ?? ROOT);
            ids.push(
              draft.add({
                parent: above,
                node: { name },
                transform: { position, rotation, scale },
                ...part,
              } as never),
            );
          }
        });
        const { glb } = await write(scene);
        expect((await validateModel(glb)).findings.filter(({ severity }) => severity === 'error')).toEqual(
          [],
        );
        const back = shape(rebuilt(await explode(glb)));
        expect(withDefaults(back)).toEqual(withDefaults(shape(scene)));
        compared += wanted.length;
      }),
      propertySettings(4),
    );
    expect(compared).toBeGreaterThan(4);
  });

  test('[AS72] a model that cannot be had is told, and its object keeps the reference; a subtree is written alone', async () => {
    const scene = worldOf((draft) => {
      const gone = draft.add({
        id: 'gone',
        node: { name: 'Gone' },
        mesh: { src: 'mxc://localhost/nowhere' },
      });
      draft.add({ parent: gone, node: { name: 'Child' } });
      draft.add({ node: { name: 'Beside' } });
    });
    const { glb, objects, notes } = await write(scene, {
      from: [...scene.ids()].find((id) => id === 'gone') ?? ROOT,
    });
    expect(objects).toBe(2);
    expect(notes).toEqual([
      '“Gone”: its model is left out: Cannot fetch it: expected a file, got none. Import it..',
    ]);
    expect((await explode(glb)).objects.map(({ components }) => components.mesh?.src)).toEqual([
      'mxc://localhost/nowhere',
      undefined,
    ]);
    const missing = write(
      worldOf(() => undefined),
      { from: [...scene.ids()][0] ?? ROOT },
    );
    await expect(missing).rejects.toMatchObject({ code: 'missing' });
  });

  test('[AS72] one whose shape was changed by another program shows that, and not the primitive', async () => {
    const scene = worldOf((draft) => draft.add({ node: { name: 'Box' }, primitive: { shape: 'box' } }));
    const { glb } = await write(scene);
    const { json, bin } = readContainer(glb, 'read it');
    const changed = JSON.stringify(json).replace('"shapeVertices":24', '"shapeVertices":23');
    const { objects, meshes } = await explode(makeGlb(JSON.parse(changed), bin));
    expect(objects[0]?.components.primitive).toBeUndefined();
    expect([objects[0]?.mesh, meshes.length]).toEqual([0, 1]);
  });
});

/** Names, transforms and lights say what glTF would take for granted; an edit may say so or leave it out. */
function withDefaults(objects: unknown): unknown {
  return JSON.parse(
    JSON.stringify(objects, (key, value) => {
      if (key === 'node') return { name: '', ...value };
      if (key === 'transform')
        return { position: [0, 0, 0], rotation: [0, 0, 0, 1], scale: [1, 1, 1], ...value };
      if (key !== 'light') return value;
      const angles = value.type === 'spot' ? { innerConeAngle: 0, outerConeAngle: Math.PI / 4 } : {};
      return { color: [1, 1, 1], ...(value.type === 'ambient' ? {} : angles), ...value };
    }),
  );
}
