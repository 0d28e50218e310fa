export { AssetError, type AssetErrorCode, type AssetErrorDetails } from './asset-error.ts';
export type { Box } from './gltf/bounds.ts';
export { MAX_GLB_BYTES } from './gltf/container.ts';
export { checkGlb, type GlbInfo } from './gltf/glb.ts';
export { type AddressOf, type AssetAddress, type AssetScheme, readAddress } from './reference/address.ts';
export type { AssetRef } from './reference/asset-ref.ts';
export type {
  AssetSink,
  AssetSource,
  FetchedFile,
  FetchFileOptions,
  FileToStore,
} from './source/asset-source.ts';
export { readDataUri } from './source/data-uri.ts';
