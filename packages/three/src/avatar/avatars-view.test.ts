import { type ActorId, Cell, type ObjectId, parseUserId } from '@weft/core';
import type { Avatar, AvatarModel, MoverPose, PartPose } from '@weft/world';
import { Group, InstancedMesh, PerspectiveCamera, Scene, Sprite, Vector3 } from 'three';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeModel } from '../../test/make-model.ts';
import { type TestScene, testScene } from '../../test/scene-source.ts';
import { WorldView } from '../world-view.ts';
import { userColour } from './user-colour.ts';

type Movable = { -readonly [Name in keyof Avatar]: Avatar[Name] } & { at: MoverPose | null };

const at = (x: number): PartPose => ({ position: [x, 0, 0], rotation: [0, 0, 0, 1] });

function avatar(name: string, x: number, more: Partial<Avatar> = {}): Movable {
  const user = parseUserId(`@${name}:example.org`);
  const made: Movable = {
    ...{
      user,
      name,
      device: 'D',
      actor: `actor-${name}` as ActorId,
      own: false,
      role: 'visitor',
      model: null,
    },
    ...{ state: 'stand', speaking: false, at: { body: at(x) }, poseAt: () => made.at },
    ...more,
  };
  return made;
}

let scene: Scene;
let world: TestScene;
let view: WorldView;
let redraws: number;
let loads: ((bytes: Uint8Array) => void)[];
const avatars = new Cell<readonly Avatar[]>([]);
const carried = new Map<ObjectId, PartPose>();

beforeEach(() => {
  avatars.set([]);
  carried.clear();
  [scene, world, redraws, loads] = [new Scene(), testScene(), 0, []];
  const motion = {
    avatars,
    moving: () => carried.keys(),
    transformAt: (id: ObjectId) => carried.get(id) ?? null,
  };
  const camera = new PerspectiveCamera();
  const loadAsset = () =>
    new Promise<{ bytes: Uint8Array }>((resolve) => loads.push((bytes) => resolve({ bytes })));
  view = new WorldView({ ...world.source, motion }, { scene, camera, loadAsset }).start();
  view.on('redraw', () => {
    redraws += 1;
  });
});

afterEach(() => view.dispose());

const bodies = (): number => {
  let most = 0;
  scene.traverse((node) => {
    if (node instanceof InstancedMesh) most = Math.max(most, node.count);
  });
  return most;
};

describe('people in a view', () => {
  test('[AV15] are shown where they are with each frame, but for this client’s own and who is out of sight', () => {
    const [ann, bob, me] = [avatar('ann', 1), avatar('bob', 2), avatar('me', 3, { own: true })];
    avatars.set([me, ann, bob]);
    view.update();
    expect([bodies(), view.resources.avatars]).toEqual([2, 2]);
    ann.at = null;
    view.update();
    expect(bodies()).toBe(1);
    avatars.set([me]);
    view.update();
    expect([bodies(), view.resources.avatars]).toEqual([0, 0]);
    view.dispose();
    expect(scene.children).toEqual([]);
  });

  test('[AV15] ask for frames so long as anybody is there, and for none otherwise', () => {
    view.update();
    redraws = 0;
    view.update();
    expect(redraws).toBe(0);
    avatars.set([avatar('ann', 1)]);
    expect(redraws).toBe(1);
    view.update();
    expect(redraws).toBe(2);
    avatars.set([]);
    view.update();
    redraws = 0;
    view.update();
    expect(redraws).toBe(0);
  });

  test('[AV15] wear their model once it is there, as high as they say, and nothing is left of it', async () => {
    const model: AvatarModel = {
      src: 'mxc://example.org/a',
      sha256: null,
      bytes: null,
      name: null,
      height: 1,
    };
    const ann = avatar('ann', 5, { model });
    avatars.set([ann]);
    view.update();
    expect(bodies()).toBe(1);
    loads[0]?.(makeModel());
    for (let turn = 0; turn < 200 && view.resources.modelNodes === 0; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
    view.update();
    expect(bodies()).toBe(0);
    let x: number | null = null;
    scene.traverse((node) => {
      if (node instanceof Group && node.position.x === 5) x = node.getWorldPosition(new Vector3()).x;
    });
    expect(x).toBe(5);
    ann.model = null;
    view.update();
    expect([bodies(), view.resources.modelNodes]).toEqual([1, 0]);
  });

  test('[AV15] have a colour of their own and no name where nothing can draw one', () => {
    expect(userColour('@ann:example.org').equals(userColour('@ann:example.org'))).toBe(true);
    expect(userColour('@ann:example.org').equals(userColour('@bob:example.org'))).toBe(false);
    avatars.set([avatar('ann', 1)]);
    view.update();
    const sprites: Sprite[] = [];
    scene.traverse((node) => {
      if (node instanceof Sprite) sprites.push(node);
    });
    expect(sprites.map(({ visible }) => visible)).toEqual([false]);
  });
});

describe('what somebody carries, in a view', () => {
  test('[AV15] is where they have it, with its size and all that hangs from it, and then where the world has it', () => {
    const [cart, chair] = world.edit((draft) => {
      const parent = draft.add({ transform: { position: [10, 0, 0], scale: [2, 2, 2] } });
      return [parent, draft.add({ parent, transform: { position: [1, 0, 0], scale: [3, 3, 3] } })];
    });
    const place = (id: ObjectId) => {
      scene.updateMatrixWorld();
      const node = view.nodeOf(id) ?? expect.fail('no node');
      return [
        ...node.getWorldPosition(new Vector3()).toArray(),
        ...node.getWorldScale(new Vector3()).toArray(),
      ];
    };
    view.update();
    expect(place(chair)).toEqual([12, 0, 0, 6, 6, 6]);
    carried.set(chair, at(50));
    view.update();
    expect(place(chair)).toEqual([50, 0, 0, 6, 6, 6]);
    world.edit((draft) => draft.set(chair, { transform: { position: [2, 0, 0] } }));
    view.update();
    expect(place(chair)).toEqual([50, 0, 0, 6, 6, 6]);
    carried.set(cart, at(20));
    carried.delete(chair);
    view.update();
    expect([place(cart), place(chair)]).toEqual([
      [20, 0, 0, 2, 2, 2],
      [24, 0, 0, 6, 6, 6],
    ]);
    carried.clear();
    view.update();
    expect(place(chair)).toEqual([14, 0, 0, 6, 6, 6]);
    carried.set('nowhere' as ObjectId, at(1));
    view.update();
  });

  test('[AV15] stays in the hand of whoever drags it here', () => {
    const id = world.edit((draft) => draft.add({ transform: { position: [1, 0, 0] } }));
    const stop = view.hold(id);
    view.nodeOf(id)?.position.set(7, 0, 0);
    carried.set(id, at(3));
    view.update();
    expect(view.nodeOf(id)?.position.x).toBe(7);
    stop();
    view.update();
    expect(view.nodeOf(id)?.position.x).toBe(3);
  });
});
