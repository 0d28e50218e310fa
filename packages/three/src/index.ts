export { AssetRefused } from './asset/asset-refused.ts';
export { MAX_MODEL_DEPTH, MODEL_LIMITS } from './asset/drawable.ts';
export { textureTargetOf } from './asset/make-texture.ts';
export { type ModelHost, type ModelSource, parseModel } from './asset/parse-model.ts';
export type { AssetStatus } from './asset/shelf.ts';
export { MAX_NAME_LABELS, MAX_WORN_MODELS } from './avatar/avatars-view.ts';
export { userColour } from './avatar/user-colour.ts';
export { MAX_LIVE_LIGHTS } from './binding/light.ts';
export { MAX_TEXT_CHARACTERS, MAX_TEXT_LINES, type MakeCanvas } from './shared/text-canvas.ts';
export type { LoadAsset, LoadAssetOptions, MotionSource, ViewSource } from './source.ts';
export {
  type Hit,
  MAX_CONCURRENT_ASSETS,
  MAX_MODEL_NODES,
  type ViewResources,
  WorldView,
  type WorldViewOptions,
} from './world-view.ts';
