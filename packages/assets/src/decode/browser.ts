export { openDecoder } from './browser-decoder.ts';
export type { DecodedTexture, TextureTarget } from './decode-job.ts';
export { Decoder } from './decoder.ts';
