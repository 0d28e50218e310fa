import { type Animation, Document, WebIO } from '@gltf-transform/core';
import { ALL_EXTENSIONS } from '@gltf-transform/extensions';
import { makeGlb, triangleBytes, triangleDocument } from '@weft/testing/gltf';
import { describe, expect, test } from 'vitest';
import { addGrid, paint } from '../../test/models.ts';
import { AssetError } from '../asset-error.ts';
import { checkGlb } from '../gltf/glb.ts';
import { startNodeHash } from '../hash/node-hash.ts';
import { validateModel } from '../publish/report/validate-model.ts';
import { explodeGlb as explodeWith } from './explode-glb.ts';
import { MAX_EXPLODED_DEPTH, MAX_EXPLODED_OBJECTS } from './exploded-model.ts';

const explodeGlb = (glb: Uint8Array) => explodeWith(glb, { startHash: startNodeHash });
const write = (document: Document) => new WebIO().registerExtensions(ALL_EXTENSIONS).writeBinary(document);

/** A triangle's document with nodes of one's own. */
function withNodes(nodes: readonly Record<string, unknown>[], tops: readonly number[], more: object = {}) {
  return makeGlb({ ...triangleDocument(), nodes, scenes: [{ nodes: tops }], ...more }, triangleBytes());
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing',
    (error: unknown) => (error instanceof AssetError ? error.code : String(error)),
  );
}

describe('a model taken apart', () => {
  test('[AS66] each node is an object with its name, transform and place; a mesh is one file for all who show it', async () => {
    const { objects, meshes, notes } = await explodeGlb(
      withNodes(
        [
          { name: 'House', children: [1, 2], translation: [1, 2, 3] },
          { name: 'Left wall', mesh: 0, scale: [2, 1, 1] },
          { name: 'Right wall', mesh: 0, rotation: [0, 1, 0, 0], children: [3] },
          { mesh: 0 },
          { name: 'Nowhere' },
        ],
        [0],
      ),
    );
    expect(
      objects.map(({ parent, mesh, components: { node, transform } }) => [
        node?.name,
        parent,
        mesh,
        transform,
      ]),
    ).toEqual([
      ['House', null, null, { position: [1, 2, 3], rotation: [0, 0, 0, 1], scale: [1, 1, 1] }],
      ['Left wall', 0, 0, { position: [0, 0, 0], rotation: [0, 0, 0, 1], scale: [2, 1, 1] }],
      ['Right wall', 0, 0, { position: [0, 0, 0], rotation: [0, 1, 0, 0], scale: [1, 1, 1] }],
      [undefined, 2, 0, undefined],
    ]);
    expect(meshes).toHaveLength(1);
    expect(meshes[0]?.bounds).toEqual({ min: [0, 0, 3], max: [1, 2, 3] });
    expect(notes).toEqual(['1 nodes are in no scene, or in another one, and are left out.']);
  });

  test('[AS66] each mesh is a whole model without fault, with the materials and textures that it uses, and no others', async () => {
    const document = new Document();
    document.createBuffer();
    const scene = document.createScene();
    for (const name of ['Red', 'Blue']) {
      const texture = document
        .createTexture(name)
        .setImage(await paint(16))
        .setMimeType('image/png');
      const material = document.createMaterial(name).setBaseColorTexture(texture);
      const mesh = document.createMesh(name).addPrimitive(addGrid(document, 2).setMaterial(material));
      scene.addChild(document.createNode(name).setMesh(mesh));
    }
    const { meshes, bytes } = await explodeGlb(await write(document));
    expect(meshes.map(({ name }) => name)).toEqual(['Red', 'Blue']);
    for (const { glb } of meshes) {
      const { isValid, facts } = await validateModel(glb);
      expect([isValid, facts.materials, facts.isTextured, facts.triangles]).toEqual([true, 1, true, 8]);
    }
    expect(bytes).toBe(meshes.reduce((sum, { glb }) => sum + glb.length, 0));
  });

  test('[AS67] lights, links and spawn points of other programs become components', async () => {
    const lights = [
      {
        type: 'spot',
        color: [2, 1, 0],
        intensity: 10,
        range: 5,
        spot: { innerConeAngle: 0.1, outerConeAngle: 0.5 },
      },
      { type: 'area' },
    ];
    const extension = (name: string, value: object) => ({ extensions: { [name]: value } });
    const { objects } = await explodeGlb(
      withNodes(
        [
          extension('KHR_lights_punctual', { light: 0 }),
          extension('KHR_lights_punctual', { light: 1 }),
          extension('OMI_spawn_point', { title: 'north' }),
          extension('MX_spawn_point', {}),
          extension('OMI_link', { uri: 'https://example.org/', title: 'Home' }),
          extension('OMI_link', { uri: 'matrix:r/plaza:example.org#north', title: 'Plaza' }),
          extension('MX_portal', { uri: 'matrix:roomid/abc:example.org?via=a.org&via=b.org' }),
          extension('OMI_link', { uri: 'javascript:alert(1)' }),
        ],
        [0, 1, 2, 3, 4, 5, 6, 7],
        { extensions: { KHR_lights_punctual: { lights } } },
      ),
    );
    expect(objects.map(({ components: { node: _, ...components } }) => components)).toEqual([
      {
        light: {
          type: 'spot',
          color: [1, 0.5, 0],
          intensity: 20,
          range: 5,
          innerConeAngle: 0.1,
          outerConeAngle: 0.5,
        },
      },
      {},
      { spawn: { name: 'north' } },
      { spawn: { name: '', default: true } },
      { link: { href: 'https://example.org/', label: 'Home' } },
      { portal: { room: '#plaza:example.org', spawn: 'north', label: 'Plaza' } },
      { portal: { room: '!abc:example.org', via: ['a.org', 'b.org'] } },
      {},
    ]);
  });

  test('[AS67] what nobody here knows is kept as it was, or told where no value holds it', async () => {
    const { objects, notes } = await explodeGlb(
      withNodes(
        [
          { extras: { mine: [1.5, { a: null }] }, extensions: { ACME_door: { open: true } } },
          { name: 'Long', extras: { text: 'x'.repeat(5_000) } },
          { name: 'y'.repeat(300) },
        ],
        [0, 1, 2],
      ),
    );
    expect(objects[0]?.components['gltf:node']).toEqual({
      extras: { mine: [1.5, { a: null }] },
      extensions: { ACME_door: { open: true } },
    });
    expect(objects[1]?.components['gltf:node']).toBeUndefined();
    expect(objects[2]?.components.node?.name).toHaveLength(200);
    expect(notes).toEqual([
      '“Long”: its extras are left out: no value of a world holds them.',
      `“${'y'.repeat(40)}”: its name is cut, or freed of what names cannot hold.`,
    ]);
  });

  test('[AS68] what a skin or an animation binds stays one model, and moves as before', async () => {
    const document = new Document();
    const buffer = document.createBuffer();
    const mesh = document.createMesh('Body').addPrimitive(addGrid(document, 1));
    const [arm, hand] = ['Arm', 'Hand'].map((name) =>
      document.createNode(name).setMesh(mesh).setTranslation([0, 1, 0]),
    );
    const stand = document.createNode('Robot').setTranslation([5, 0, 0]);
    if (arm !== undefined && hand !== undefined) stand.addChild(arm).addChild(hand);
    const table = document.createNode('Table').setMesh(mesh);
    document.createScene().addChild(stand).addChild(table);
    animate(document.createAnimation('Wave'), document, [arm, hand]);
    expect(buffer.getName()).toBe('');
    const { objects, meshes, notes } = await explodeGlb(await write(document));
    expect(
      objects.map(({ components, mesh }) => [components.node?.name, components.transform?.position, mesh]),
    ).toEqual([
      ['Robot', [5, 0, 0], 0],
      ['Table', undefined, 1],
    ]);
    const robot = meshes[0]?.glb ?? new Uint8Array();
    expect((await validateModel(robot)).facts).toMatchObject({ animations: 1, drawCalls: 1 });
    expect(checkGlb(robot)).toMatchObject({ nodes: 3, bounds: { min: [0, expect.any(Number), 0] } });
    expect((await validateModel(meshes[1]?.glb ?? new Uint8Array())).facts.animations).toBe(0);
    expect(notes).toEqual(['Robot and all below it stay one model: a skin or an animation binds them.']);
  });

  test('[AS68] where nothing is above all that an animation moves, the whole file is one model', async () => {
    const document = new Document();
    document.createBuffer();
    const nodes = ['One', 'Two'].map((name) =>
      document.createNode(name).setMesh(document.createMesh().addPrimitive(addGrid(document, 1))),
    );
    const scene = document.createScene();
    for (const node of nodes) scene.addChild(node);
    animate(document.createAnimation(), document, nodes);
    const glb = await write(document);
    const { objects, meshes } = await explodeGlb(glb);
    expect(objects).toEqual([{ parent: null, components: {}, mesh: 0 }]);
    expect(meshes[0]?.glb).toEqual(Uint8Array.from(glb));
  });

  test('[AS69] it is bounded in objects and depth, at the bound and one past it, and refuses what it cannot tell apart', async () => {
    const flat = (count: number) =>
      withNodes(
        Array.from({ length: count }, () => ({})),
        Array.from({ length: count }, (_, at) => at),
      );
    const chain = (depth: number) =>
      withNodes(
        Array.from({ length: depth }, (_, at) => (at + 1 < depth ? { children: [at + 1] } : {})),
        [0],
      );
    expect((await explodeGlb(flat(MAX_EXPLODED_OBJECTS))).objects).toHaveLength(MAX_EXPLODED_OBJECTS);
    expect(await codeOf(explodeGlb(flat(MAX_EXPLODED_OBJECTS + 1)))).toBe('too-large');
    expect((await explodeGlb(chain(MAX_EXPLODED_DEPTH))).objects).toHaveLength(MAX_EXPLODED_DEPTH);
    expect(await codeOf(explodeGlb(chain(MAX_EXPLODED_DEPTH + 1)))).toBe('too-large');
    const draco = {
      extensionsUsed: ['KHR_draco_mesh_compression'],
      extensionsRequired: ['KHR_draco_mesh_compression'],
    };
    expect(await codeOf(explodeGlb(withNodes([{ mesh: 0 }], [0], draco)))).toBe('unreadable');
    expect(await codeOf(explodeGlb(new Uint8Array(3)))).toBe('not-a-glb');
  });
});

function animate(
  animation: Animation,
  document: Document,
  targets: readonly (ReturnType<Document['createNode']> | undefined)[],
) {
  const buffer = document.getRoot().listBuffers()[0] ?? null;
  const numbers = (type: 'SCALAR' | 'VEC3', values: number[]) =>
    document.createAccessor().setType(type).setArray(new Float32Array(values)).setBuffer(buffer);
  const sampler = document
    .createAnimationSampler()
    .setInput(numbers('SCALAR', [0, 1]))
    .setOutput(numbers('VEC3', [0, 0, 0, 0, 1, 0]));
  animation.addSampler(sampler);
  for (const target of targets) {
    const channel = document.createAnimationChannel().setSampler(sampler).setTargetPath('translation');
    animation.addChannel(channel.setTargetNode(target ?? null));
  }
}
