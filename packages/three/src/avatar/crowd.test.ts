import { Color, Group, InstancedMesh, Matrix4, Vector3 } from 'three';
import { expect, test } from 'vitest';
import { Crowd, HEAD_METRES } from './crowd.ts';

const at = (x: number) => ({ position: [x, 0, 0] as const, rotation: [0, 0, 0, 1] as const });
const red = new Color('red');

function meshes(group: Group): InstancedMesh[] {
  return group.children.filter((child): child is InstancedMesh => child instanceof InstancedMesh);
}

test('[AV15] a crowd of any size is five meshes; each frame shows those who were added, where they are', () => {
  const group = new Group();
  const crowd = new Crowd(group);
  for (const count of [3, 200, 0, 33, 32]) {
    crowd.begin();
    for (let n = 0; n < count; n += 1) crowd.add({ body: at(n), left: n === 1 ? at(1.5) : undefined }, red);
    crowd.end();
    const counts = meshes(group).map(({ count: shown }) => shown);
    expect(counts.sort((a, b) => b - a)).toEqual([count, count, count, count > 1 ? 1 : 0, 0]);
    if (count === 0) continue;
    const places = meshes(group)
      .filter((mesh) => mesh.count === count)
      .map((mesh) => {
        const matrix = new Matrix4();
        mesh.getMatrixAt(count - 1, matrix);
        return new Vector3().setFromMatrixPosition(matrix).toArray();
      });
    expect(places).toContainEqual([count - 1, 0, 0]);
    expect(places.some(([x, y]) => x === count - 1 && Math.abs((y ?? 0) - HEAD_METRES) < 1e-6)).toBe(true);
  }
  crowd.dispose();
  expect(group.children).toEqual([]);
});

test('[AV15] who waves or points has a hand for it, and only who stands on the floor a shadow', () => {
  const group = new Group();
  const crowd = new Crowd(group);
  const counts = (pose: Parameters<Crowd['add']>[0]) => {
    crowd.begin();
    crowd.add(pose, red);
    crowd.end();
    return meshes(group).map(({ count }) => count);
  };
  const [body, head, left, right, shadow] = [1, 1, 0, 0, 1];
  expect(counts({ body: at(0), state: 'walk' })).toEqual([body, head, left, right, shadow]);
  expect(counts({ body: at(0), state: 'wave' })).toEqual([body, head, left, 1, shadow]);
  expect(counts({ body: at(0), state: 'point', right: at(1) })).toEqual([body, head, left, 1, shadow]);
  expect(counts({ body: at(0), state: 'sit' })).toEqual([body, head, left, right, 0]);
});
