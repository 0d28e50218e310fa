import { BoxGeometry, EdgesGeometry, LineBasicMaterial, LineSegments, type Scene } from 'three';

/** A box where a dropped file will stand, until it is an object of the world. @returns takes it away */
export function showArriving(
  scene: Scene,
  at: readonly [number, number, number],
  colour: string,
  ask: () => void,
): () => void {
  const box = new BoxGeometry(1, 1, 1);
  const geometry = new EdgesGeometry(box);
  const material = new LineBasicMaterial({ color: colour });
  const lines = new LineSegments(geometry, material);
  box.dispose();
  lines.raycast = () => {};
  lines.position.set(at[0], at[1] + 0.5, at[2]);
  scene.add(lines);
  ask();
  return () => {
    lines.removeFromParent();
    geometry.dispose();
    material.dispose();
    ask();
  };
}
