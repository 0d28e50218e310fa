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
export type { ExportedGlb, ExportGlbOptions, ExportProgress } from './export/export-source.ts';
export type { Box } from './gltf/bounds.ts';
export type { GlbInfo } from './gltf/check-model.ts';
export { MAX_GLB_BYTES } from './gltf/container.ts';
export type { GltfDocument } from './gltf/document.ts';
export { EXTENSION_POLICY, type ExtensionPolicy, unknownRequirement } from './gltf/extensions.ts';
export { checkGlb } from './gltf/glb.ts';
export { bytesOfView, type GltfModel } from './gltf/gltf-model.ts';
export { type LoadPart, type OpenedModel, type OpenModelOptions, openModel } from './gltf/open-model.ts';
export { packModel } from './gltf/pack-model.ts';
export { type DecodePart, unpackModel } from './gltf/unpack-model.ts';
export type { FileHash, StartFileHash } from './hash/file-hash.ts';
export type { HttpGet, HttpGetOptions } from './http/http-get.ts';
export type { ExplodedMesh, ExplodedModel, ExplodedObject } from './import/exploded-model.ts';
export type { BlockSource } from './ipfs/block-source.ts';
export { connectKubo, type KuboOptions } from './ipfs/connect-kubo.ts';
export { type CatOptions, type IpfsClient, type IpfsRpc, ipfsClientOf } from './ipfs/ipfs-client.ts';
export { type BlockHost, IpfsSink, type IpfsSinkOptions } from './ipfs/ipfs-sink.ts';
export { IpfsSource, type IpfsSourceOptions } from './ipfs/ipfs-source.ts';
export type { BlockShelf } from './ipfs/kept-blocks.ts';
export { RelayHost, type RelayHostOptions, type SendRequest } from './ipfs/relay-host.ts';
export { AssetLoader, type AssetLoaderOptions } from './load/asset-loader.ts';
export { LOAD_DEADLINES, type LoadDeadlines, MAX_ASSET_BYTES } from './load/limits.ts';
export type { AssetKind, AssetLoading, LoadedAsset, LoadOptions } from './load/loaded-asset.ts';
export { type ImageSize, imageSize } from './picture/image-size.ts';
export { isKtx2 } from './picture/ktx2-header.ts';
export {
  MAX_IMAGE_PIXELS,
  MAX_SHOWN_THUMBNAIL_SIDE,
  refuseImage,
  refuseThumbnail,
} from './picture/picture-header.ts';
export { type FileKind, type FileUse, fileKindOf } from './publish/file-kind.ts';
export { fileOf, imageOf, meshOf, type StoredFile } from './publish/file-properties.ts';
export type { MeshStorage, OptimiseOptions } from './publish/optimise/optimise-options.ts';
export type {
  DrawThumbnail,
  PublishOptions,
  PublishPorts,
  Thumbnail,
  Undrawn,
} from './publish/publish-file.ts';
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
export { dataSource } from './source/data-source.ts';
export { readDataUri } from './source/data-uri.ts';
export { type AssetSources, fetchAddress } from './source/fetch-address.ts';
export { httpsSource, MAX_REDIRECTS } from './source/https-source.ts';
export { type SourceErrorCode, sourceError, sourceErrorOf, tooLarge } from './source/source-error.ts';
export { type EndTurn, Turns } from './workshop/turns.ts';
export { MAX_WORKERS, type Workshop } from './workshop/workshop.ts';
