export { assetRefOf } from './asset/asset-ref.ts';
export { AssetRefused } from './asset/asset-refused.ts';
export { MAX_MODEL_DEPTH, MODEL_LIMITS } from './asset/drawable.ts';
export { Gate } from './asset/gate.ts';
export {
  MAX_CONCURRENT_ASSETS,
  MAX_CONCURRENT_THUMBNAILS,
  MAX_FILMS,
  MAX_SOUNDS,
  MAX_THUMBNAILS,
} from './asset/library.ts';
export { textureTargetOf } from './asset/make-texture.ts';
export { type ModelHost, type ModelSource, parseModel } from './asset/parse-model.ts';
export { type AssetStatus, type Outcome, Shelf, type ShelfOptions } from './asset/shelf.ts';
export { THUMBNAIL_AFTER_MS } from './asset/thumbnail-slot.ts';
export { MAX_NAME_LABELS, MAX_WORN_MODELS } from './avatar/avatars-view.ts';
export { userColour } from './avatar/user-colour.ts';
export { MAX_LIVE_SOUNDS } from './binding/audio.ts';
export { MAX_LIVE_LIGHTS } from './binding/light.ts';
export { MAX_LIVE_FILMS } from './binding/video.ts';
export { CLIP_PROBE_MS, MAX_FILM_PIXELS } from './media/clip.ts';
export type { MediaHost } from './media/media-host.ts';
export type { SoundState } from './media/speakers.ts';
export { MAX_TEXT_CHARACTERS, MAX_TEXT_LINES, type MakeCanvas } from './shared/text-canvas.ts';
export type { LoadAsset, LoadAssetOptions, MotionSource, ViewSource } from './source.ts';
export type { ViewResources } from './view-resources.ts';
export {
  type Hit,
  MAX_MODEL_NODES,
  WorldView,
  type WorldViewOptions,
} from './world-view.ts';
