import { Box3, Line, Matrix4, Mesh, type Object3D, Points } from 'three';

/**
 * The box round what is drawn under `roots`, in the frame of `frame`; empty where nothing is drawn.
 * World matrices have to be up to date.
 */
export function boxIn(frame: Object3D, roots: readonly Object3D[]): Box3 {
  const toFrame = new Matrix4().copy(frame.matrixWorld).invert();
  const box = new Box3();
  const part = new Box3();
  const matrix = new Matrix4();
  for (const root of roots) {
    root.traverseVisible((node) => {
      if (!(node instanceof Mesh || node instanceof Line || node instanceof Points)) return;
      if (node.geometry.boundingBox === null) node.geometry.computeBoundingBox();
      if (node.geometry.boundingBox === null) return;
      matrix.multiplyMatrices(toFrame, node.matrixWorld);
      box.union(part.copy(node.geometry.boundingBox).applyMatrix4(matrix));
    });
  }
  return box;
}
