import type { AssetRef } from '@weft/assets';
import { type ObjectId, ROOT } from '@weft/core';
import { Color, Mesh, type Object3D, PerspectiveCamera, Scene, Vector3 } from 'three';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeModel } from '../test/make-model.ts';
import { type TestScene, testScene } from '../test/scene-source.ts';
import type { ViewResources } from './view-resources.ts';
import { WorldView } from './world-view.ts';

const NOTHING: ViewResources = {
  objects: 0,
  geometries: 0,
  materials: 0,
  models: 0,
  pictures: 0,
  thumbnails: 0,
  sounds: 0,
  films: 0,
  voices: 0,
  modelNodes: 0,
  lights: 0,
  skies: 0,
  avatars: 0,
};

let world: TestScene;
let scene: Scene;
let camera: PerspectiveCamera;
let view: WorldView;
let loads: {
  readonly ref: AssetRef;
  readonly signal: AbortSignal;
  give(bytes: Uint8Array): void;
  fail(error: Error): void;
}[];

beforeEach(() => {
  world = testScene();
  scene = new Scene();
  camera = new PerspectiveCamera(50, 1, 0.1, 100);
  camera.position.set(0, 0, 10);
  loads = [];
  view = new WorldView(world.source, {
    scene,
    camera,
    markers: true,
    loadAsset: (ref, { signal }) =>
      new Promise((give, fail) => {
        loads.push({ ref, signal, give: (bytes) => give({ bytes }), fail });
      }),
  });
});

afterEach(() => view.dispose());

function nodeOf(id: ObjectId): Object3D {
  return view.nodeOf(id) ?? expect.fail(`no node of ${id}`);
}

function partOf(id: ObjectId): Mesh {
  const part = nodeOf(id).children[0];
  return part instanceof Mesh ? part : expect.fail('no mesh');
}

/** Until the view has settled an asset, however many turns decoding takes. */
function settled(): Promise<void> {
  return new Promise((done) => {
    const stop = view.on('assets', () => {
      if (view.assets.some(({ state }) => state === 'loading')) return;
      stop();
      done();
    });
  });
}

describe('following the world', () => {
  it('shows what is there when it starts, and nothing before', () => {
    const id = world.edit((e) => e.add({ primitive: { shape: 'sphere' } }));
    expect(view.nodeOf(id)).toBeUndefined();
    expect(world.followers).toBe(0);
    view.start();
    expect(partOf(id).geometry.type).toBe('SphereGeometry');
  });

  it('hangs children under their parents, whatever order they come in', () => {
    view.start();
    const [parent, child] = world.edit((e) => {
      const outer = e.add({ transform: { position: [1, 0, 0] } });
      return [
        outer,
        e.add({ parent: outer, transform: { position: [0, 2, 0] }, primitive: { shape: 'box' } }),
      ] as const;
    });
    expect(nodeOf(child).parent).toBe(nodeOf(parent));
    expect(view.bounds(child)?.min.toArray()).toEqual([0.5, 1.5, -0.5]);
  });

  it('moves, turns and stretches with the transform alone', () => {
    view.start();
    const id = world.edit((e) => e.add({ primitive: { shape: 'box' } }));
    const { geometry, material } = partOf(id);
    world.edit((e) =>
      e.set(id, { transform: { position: [3, 0, 0], rotation: [0, 1, 0, 0], scale: [2, 2, 2] } }),
    );
    expect(nodeOf(id).matrix.elements.slice(12, 15)).toEqual([3, 0, 0]);
    expect([nodeOf(id).scale.x, nodeOf(id).quaternion.y]).toEqual([2, 1]);
    expect([partOf(id).geometry, partOf(id).material]).toEqual([geometry, material]);
  });

  it('follows an object to another parent, and its children with it', () => {
    view.start();
    const [a, b, leaf] = world.edit((e) => {
      const first = e.add({});
      const second = e.add({ transform: { position: [0, 5, 0] } });
      return [first, second, e.add({ parent: first, primitive: { shape: 'box' } })] as const;
    });
    world.edit((e) => e.move(leaf, { into: b }));
    expect(nodeOf(leaf).parent).toBe(nodeOf(b));
    world.edit((e) => e.remove(a));
    expect(view.bounds(leaf)?.max.y).toBe(5.5);
  });

  it('takes out a deleted subtree and puts it back when the deletion is undone', () => {
    view.start();
    const [top, leaf] = world.edit((e) => {
      const outer = e.add({});
      return [outer, e.add({ parent: outer, primitive: { shape: 'box' } })] as const;
    });
    world.edit((e) => e.remove(top));
    expect([view.nodeOf(top), view.nodeOf(leaf)]).toEqual([undefined, undefined]);
    world.edit((e) => e.set(top, { node: { deleted: null } }));
    expect(nodeOf(leaf).parent).toBe(nodeOf(top));
  });

  it('adds and drops the part of a component that comes and goes', () => {
    view.start();
    const id = world.edit((e) => e.add({ primitive: { shape: 'box' }, light: { type: 'spot' } }));
    expect(nodeOf(id).children).toHaveLength(2);
    world.edit((e) => e.set(id, { primitive: null }));
    expect(nodeOf(id).children).toHaveLength(1);
  });

  it('reads a turn of four zeros as none, since it has no direction', () => {
    view.start();
    const id = world.edit((e) => e.add({ transform: { rotation: [0, 0, 0, 0] } }));
    expect(nodeOf(id).quaternion.toArray()).toEqual([0, 0, 0, 1]);
  });

  it('asks for a frame after a change', () => {
    view.start();
    let asked = 0;
    view.on('redraw', () => {
      asked += 1;
    });
    world.edit((e) => e.add({ primitive: { shape: 'box' } }));
    expect(asked).toBeGreaterThan(0);
  });
});

describe('sharing and freeing', () => {
  it('gives equal shapes one geometry and equal surfaces one material', () => {
    view.start();
    world.edit((e) => {
      for (let at = 0; at < 50; at += 1) e.add({ primitive: { shape: 'box', size: [1 + at, 1, 1] } });
    });
    expect(view.resources).toMatchObject({ objects: 50, geometries: 1, materials: 1 });
  });

  it('holds nothing once everything is removed', async () => {
    view.start();
    const ids = world.edit((e) => [
      e.add({ primitive: { shape: 'torus' }, material: { roughnessFactor: 0.1 } }),
      e.add({ mesh: { src: 'mxc://a/model' } }),
      e.add({ mesh: { src: 'mxc://a/other' } }),
      e.add({ image: { src: 'mxc://a/picture' } }),
      e.add({ light: { type: 'point' } }),
      e.add({ text: { value: 'words' } }),
      e.add({ sky: { kind: 'gradient' } }),
      e.add({ spawn: { name: 'main' } }),
    ]);
    view.highlight(ids);
    const all = settled();
    loads.forEach((load, at) => {
      if (at === 0) load.give(makeModel());
      else load.fail(new Error('gone'));
    });
    await all;
    expect(view.resources).toMatchObject({ objects: 8, models: 2, pictures: 1, lights: 1, skies: 1 });
    world.edit((e) => {
      for (const id of ids) e.remove(id);
    });
    expect(view.resources).toEqual(NOTHING);
    expect(scene.background).toBeNull();
  });

  it('disposes of what it shared', () => {
    view.start();
    const id = world.edit((e) => e.add({ primitive: { shape: 'box' } }));
    const disposed: string[] = [];
    const { geometry, material } = partOf(id);
    geometry.addEventListener('dispose', () => disposed.push('geometry'));
    if (!Array.isArray(material)) material.addEventListener('dispose', () => disposed.push('material'));
    world.edit((e) => e.remove(id));
    expect(disposed.sort()).toEqual(['geometry', 'material']);
  });

  it('leaves the scene as it found it', () => {
    scene.background = new Color('#123456');
    const before = scene.background;
    view = new WorldView(world.source, { scene, camera, loadAsset: () => new Promise(() => {}) }).start();
    world.edit((e) => e.add({ sky: { kind: 'color', topColor: '#ff0000' }, primitive: { shape: 'box' } }));
    view.dispose();
    expect(scene.children).toEqual([]);
    expect(scene.background).toBe(before);
    expect(view.resources).toEqual(NOTHING);
    expect(world.followers).toBe(0);
  });
});

describe('models', () => {
  it('stands a box of the right size in for a model that loads, then shows the model', async () => {
    view.start();
    const bounds = { min: [0, 0, 0], max: [2, 4, 2] } as const;
    const id = world.edit((e) =>
      e.add({ mesh: { src: 'mxc://a/b', sha256: 'a'.repeat(64), bytes: 12, bounds } }),
    );
    expect(loads[0]?.ref).toEqual({ src: 'mxc://a/b', sha256: 'a'.repeat(64), bytes: 12 });
    expect(view.assets).toEqual([
      { src: 'mxc://a/b', state: 'loading', reason: null, percent: null, users: [id] },
    ]);
    expect(view.bounds(id)?.max.toArray()).toEqual([2, 4, 2]);
    const done = settled();
    loads[0]?.give(makeModel());
    await done;
    expect(view.assets[0]?.state).toBe('ready');
    expect(view.bounds(id)?.max.toArray()).toEqual([1, 1, 0]);
  });

  it('shows a failed model as a box with a reason, and tries again when asked', async () => {
    view.start();
    const id = world.edit((e) => e.add({ mesh: { src: 'mxc://a/b' } }));
    const failed = settled();
    loads[0]?.fail(new Error('the homeserver has no such file'));
    await failed;
    expect(view.assets).toEqual([
      {
        src: 'mxc://a/b',
        state: 'failed',
        reason: 'the homeserver has no such file',
        percent: null,
        users: [id],
      },
    ]);
    expect(view.bounds(id)?.isEmpty()).toBe(false);
    view.retryAsset('mxc://a/b');
    const done = settled();
    loads[1]?.give(makeModel());
    await done;
    expect(view.assets[0]?.state).toBe('ready');
  });

  it('loads a model once for all who use it, and gives each its own', async () => {
    view.start();
    const ids = world.edit((e) => [1, 2, 3].map(() => e.add({ mesh: { src: 'mxc://a/b' } })));
    expect(loads).toHaveLength(1);
    const done = settled();
    loads[0]?.give(makeModel());
    await done;
    expect(new Set(ids.map((id) => nodeOf(id).children[0])).size).toBe(3);
    expect(view.resources.modelNodes).toBe(6);
  });

  it('gives up what nobody waits for any more', () => {
    view.start();
    const id = world.edit((e) => e.add({ mesh: { src: 'mxc://a/b' } }));
    world.edit((e) => e.set(id, { mesh: { src: 'mxc://a/c' } }));
    expect(loads.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    world.edit((e) => e.remove(id));
    expect(loads.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  });
});

describe('lights and sky', () => {
  it('lights no more lamps than a shader can bear, and the next one when a place comes free', () => {
    view.start();
    const ids = world.edit((e) => Array.from({ length: 14 }, () => e.add({ light: { type: 'point' } })));
    const lit = () => ids.map((id) => view.nodeOf(id)?.getObjectByProperty('isLight', true)?.visible);
    expect(lit().filter((on) => on === true)).toHaveLength(12);
    world.edit((e) => e.remove(ids[0] ?? ROOT));
    expect(lit().slice(1, 13)).toEqual(Array(12).fill(true));
    expect(lit()[13]).toBe(false);
  });

  it('shows the sky that comes first in the tree, also after they were reordered', () => {
    view.start();
    const [, second] = world.edit((e) => [
      e.add({ sky: { kind: 'color', topColor: '#ff0000' } }),
      e.add({ sky: { kind: 'color', topColor: '#0000ff' } }),
    ]);
    const shown = () => (scene.background instanceof Color ? scene.background.getHexString() : null);
    expect(shown()).toBe('ff0000');
    const [first] = world.source.children(ROOT);
    world.edit((e) => e.move(second ?? ROOT, first === undefined ? {} : { before: first }));
    expect(shown()).toBe('0000ff');
  });
});

describe('picking', () => {
  it('finds the nearest object under a point, by its owner', () => {
    view.start();
    const [near] = world.edit((e) => [
      e.add({ transform: { position: [0, 0, 2] }, primitive: { shape: 'box' } }),
      e.add({ transform: { position: [0, 0, -2] }, primitive: { shape: 'box', size: [8, 8, 1] } }),
    ]);
    expect(view.pick(0, 0)).toBe(near);
    expect(view.hit(0, 0)?.point.z).toBeCloseTo(2.5);
    expect(view.pick(0.95, 0.95)).toBeNull();
  });

  it('picks the object that a model belongs to', async () => {
    view.start();
    const id = world.edit((e) =>
      e.add({ transform: { position: [-0.2, -0.2, 0] }, mesh: { src: 'mxc://a/b' } }),
    );
    const done = settled();
    loads[0]?.give(makeModel());
    await done;
    expect(view.pick(0, 0)).toBe(id);
  });

  it('does not pick highlights', () => {
    view.start();
    const id = world.edit((e) => e.add({ node: { name: 'empty' } }));
    view.highlight([id]);
    view.update();
    expect(view.pick(0, 0)).toBeNull();
  });
});

describe('previews', () => {
  it('keeps a held object where the hand has it, and lets it go to where the world has it', () => {
    view.start();
    const id = world.edit((e) => e.add({ primitive: { shape: 'box' } }));
    const letGo = view.hold(id);
    nodeOf(id).position.set(9, 0, 0);
    world.edit((e) => e.set(id, { transform: { position: [1, 0, 0] } }));
    expect(nodeOf(id).position.x).toBe(9);
    letGo();
    letGo();
    expect(nodeOf(id).position.x).toBe(1);
    expect(nodeOf(id).matrix.elements[12]).toBe(1);
  });

  it('frames highlighted objects in their own axes and forgets the others', () => {
    view.start();
    const [a, b] = world.edit((e) => [
      e.add({ primitive: { shape: 'box', size: [2, 4, 6] } }),
      e.add({ primitive: { shape: 'box' } }),
    ]);
    const framesOf = (id: ObjectId | undefined) =>
      nodeOf(id ?? ROOT).children.filter(({ type }) => type === 'LineSegments');
    view.highlight([a ?? ROOT, b ?? ROOT]);
    view.update();
    expect(framesOf(a)[0]?.scale.y).toBeCloseTo(4, 1);
    view.highlight([b ?? ROOT]);
    view.update();
    expect([framesOf(a).length, framesOf(b).length]).toEqual([0, 1]);
  });

  it('frames the selections of several beside each other, and an own one stays when another goes', () => {
    view.start();
    const id = world.edit((e) => e.add({ primitive: { shape: 'box', size: [2, 4, 6] } }));
    const heights = () =>
      nodeOf(id)
        .children.filter(({ type }) => type === 'LineSegments')
        .map(({ scale }) => scale.y);
    view.highlight([id]);
    view.highlight([id], '#2f74c9', 'bob');
    view.update();
    view.update();
    const [own = 0, others = 0] = heights();
    expect(own).toBeGreaterThan(4);
    expect(others).toBeGreaterThan(own);
    expect(others).toBeLessThan(4.1);
    view.highlight([], undefined, 'bob');
    view.update();
    expect(heights()).toEqual([own]);
  });
});

describe('text', () => {
  it('shows nothing where there is no canvas, and does not fail', () => {
    view.start();
    const id = world.edit((e) => e.add({ text: { value: 'Hello' } }));
    expect(nodeOf(id).children[0]?.visible).toBe(false);
  });
});

it('looks for floors and walls, through what it is told to look through and what hangs below that', () => {
  const [floor, crate, lid] = world.edit((draft) => {
    const at = (y: number) => ({ transform: { position: [0, y, 0] as const } });
    const box = draft.add({ ...at(1), primitive: { size: [1, 1, 1] } });
    return [
      draft.add({ ...at(-0.5), primitive: { size: [9, 1, 9] } }),
      box,
      draft.add({ parent: box, ...at(1), primitive: { size: [1, 1, 1] } }),
    ];
  });
  view.start();
  const down = (from: number, far: number, except?: ReadonlySet<ObjectId>) => {
    const hit = view.cast(new Vector3(0, from, 0), new Vector3(0, -1, 0), far, except);
    return hit === null ? null : [hit.id, hit.point.y];
  };
  expect(down(5, 9)).toEqual([lid, 2.5]);
  expect(down(5, 2)).toBeNull();
  expect(down(5, 9, new Set([lid]))).toEqual([crate, 1.5]);
  expect(down(5, 9, new Set([crate]))).toEqual([floor, 0]);
  expect(view.pick(0, 0)).not.toBeNull();
});
