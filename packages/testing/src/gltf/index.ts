export { dracoBytes, dracoGlb, type LookOptions, meshoptGlb, plainGlb } from './compressed.ts';
export { dracoBombs, withDraco } from './draco-bombs.ts';
export { ktx2File, type Rgba } from './ktx2-file.ts';
export {
  type ChunkSource,
  houseGlb,
  makeGlb,
  packChunks,
  triangleBytes,
  triangleDocument,
  triangleGlb,
} from './make-glb.ts';
export { pngHead } from './picture-heads.ts';
export { boxOf, type PlainMesh, turnedMesh } from './plain-mesh.ts';
