import { Line, Material, Mesh, type Object3D, Points, SkinnedMesh, Texture } from 'three';

/** Frees the geometries, materials and textures of a model that nothing shows any more. */
export function disposeModel(model: Object3D): void {
  model.traverse((node) => {
    if (!(node instanceof Mesh || node instanceof Line || node instanceof Points)) return;
    node.geometry.dispose();
    if (node instanceof SkinnedMesh) node.skeleton.dispose();
    for (const material of Array.isArray(node.material) ? node.material : [node.material]) {
      if (material instanceof Material) disposeMaterial(material);
    }
  });
}

function disposeMaterial(material: Material): void {
  for (const value of Object.values(material)) if (value instanceof Texture) disposeTexture(value);
  material.dispose();
}

/** An image bitmap holds its pixels until it is closed; three.js leaves that to us. */
export function disposeTexture(texture: Texture): void {
  const image: unknown = texture.image;
  if (typeof ImageBitmap !== 'undefined' && image instanceof ImageBitmap) image.close();
  texture.dispose();
}
