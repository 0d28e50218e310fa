export {
  AssetError,
  type AssetErrorCode,
  type AssetErrorDetails,
  type FailedAttempt,
  shownAddress,
} from './asset-error.ts';
export type { AssetCache } from './cache/asset-cache.ts';
export { BoundedCache, type BoundedCacheOptions } from './cache/bounded-cache.ts';
export type { CachedFile, CacheMedium } from './cache/cache-medium.ts';
export type { CacheOption } from './cache/cache-option.ts';
export { MemoryMedium } from './cache/memory-medium.ts';
export type { Box } from './gltf/bounds.ts';
export { MAX_GLB_BYTES } from './gltf/container.ts';
export { checkGlb, type GlbInfo } from './gltf/glb.ts';
export type { FileHash, StartFileHash } from './hash/file-hash.ts';
export type { HttpAnswer, HttpGet, HttpGetOptions } from './http/http-get.ts';
export { AssetLoader, type AssetLoaderOptions } from './load/asset-loader.ts';
export { LOAD_DEADLINES, type LoadDeadlines, MAX_ASSET_BYTES } from './load/limits.ts';
export type { AssetKind, AssetLoading, LoadedAsset, LoadOptions } from './load/loaded-asset.ts';
export type { FileKind, FileUse } from './publish/file-kind.ts';
export type { MeshStorage, OptimiseOptions } from './publish/optimise/optimise-options.ts';
export type { DrawThumbnail, PublishOptions, PublishPorts, Thumbnail } from './publish/publish-file.ts';
export type { FailedStore, PublishedAsset, PublishProgress, Savings } from './publish/published-asset.ts';
export type { ModelFacts, ModelFinding, ModelReport } from './publish/report/model-report.ts';
export { type AddressOf, type AssetAddress, type AssetScheme, readAddress } from './reference/address.ts';
export type { AssetRef } from './reference/asset-ref.ts';
export type {
  AssetSink,
  AssetSource,
  FetchedFile,
  FetchFileOptions,
  FileToStore,
} from './source/asset-source.ts';
export { collect } from './source/collect.ts';
export { dataSource } from './source/data-source.ts';
export { readDataUri } from './source/data-uri.ts';
export { type AssetSources, fetchAddress } from './source/fetch-address.ts';
export { httpsSource, MAX_REDIRECTS } from './source/https-source.ts';
export { type SourceErrorCode, sourceError, sourceErrorOf } from './source/source-error.ts';
