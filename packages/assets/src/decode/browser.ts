export type { DecodedTexture, TextureTarget } from './decode-job.ts';
export { Decoder } from './decoder.ts';
export { openDecoder } from './browser-decoder.ts';
