export {
  type ChunkSource,
  makeGlb,
  packChunks,
  triangleBytes,
  triangleDocument,
  triangleGlb,
} from './make-glb.ts';
