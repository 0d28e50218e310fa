/** What a file is for: the component that shows it. */
export type FileUse = 'model' | 'picture' | 'sound' | 'video';

export interface FileKind {
  readonly use: FileUse;
  /** The media type, from the bytes. */
  readonly type: string;
  /** What people call it: `PNG picture`. */
  readonly label: string;
}

const GLB: FileKind = { use: 'model', type: 'model/gltf-binary', label: 'binary glTF model' };
const GLTF: FileKind = { use: 'model', type: 'model/gltf+json', label: 'glTF model' };
const PNG: FileKind = { use: 'picture', type: 'image/png', label: 'PNG picture' };
const JPEG: FileKind = { use: 'picture', type: 'image/jpeg', label: 'JPEG picture' };
const WEBP: FileKind = { use: 'picture', type: 'image/webp', label: 'WebP picture' };
const MP3: FileKind = { use: 'sound', type: 'audio/mpeg', label: 'MP3 sound' };
const OGG: FileKind = { use: 'sound', type: 'audio/ogg', label: 'Ogg sound' };
const WAV: FileKind = { use: 'sound', type: 'audio/wav', label: 'WAV sound' };
const FLAC: FileKind = { use: 'sound', type: 'audio/flac', label: 'FLAC sound' };
const M4A: FileKind = { use: 'sound', type: 'audio/mp4', label: 'MPEG-4 sound' };
const MP4: FileKind = { use: 'video', type: 'video/mp4', label: 'MPEG-4 video' };
const WEBM: FileKind = { use: 'video', type: 'video/webm', label: 'WebM video' };

/** How far into a glTF document its nature shows. */
const LOOKED_AT_BYTES = 4_096;

/** What the bytes are, whatever the file is called; `null` for what no component of a world shows. */
export function fileKindOf(bytes: Uint8Array): FileKind | null {
  const start = latin1(bytes.subarray(0, 16));
  if (start.startsWith('glTF')) return GLB;
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return PNG;
  if (start.startsWith('\xff\xd8\xff')) return JPEG;
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP') return WEBP;
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WAVE') return WAV;
  if (start.startsWith('OggS')) return OGG;
  if (start.startsWith('fLaC')) return FLAC;
  if (start.startsWith('ID3') || isMpegAudioFrame(bytes)) return MP3;
  if (start.slice(4, 8) === 'ftyp') return ofBrand(start.slice(8, 12));
  if (start.startsWith('\x1a\x45\xdf\xa3')) return isWebm(bytes) ? WEBM : null;
  return isGltfJson(bytes) ? GLTF : null;
}

/** The brands of ISO base media files that browsers play; pictures in that container (AVIF, HEIC) are none of ours. */
function ofBrand(brand: string): FileKind | null {
  if (brand.startsWith('M4A') || brand.startsWith('M4B')) return M4A;
  return /^(?:isom|iso\d|mp4\d|avc1|M4V.|dash|mmp4|MSNV)$/.test(brand) ? MP4 : null;
}

// A Matroska file names its document type within the first element.
function isWebm(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, 64)).includes('webm');
}

/** Sync word, a layer III frame, and neither the reserved bit rate nor the reserved sampling rate. */
function isMpegAudioFrame(bytes: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0] = bytes;
  const isLayer3 = first === 0xff && (second & 0xe6) === 0xe2;
  return isLayer3 && third >> 4 !== 0xf && (third & 0x0c) !== 0x0c && third >> 4 !== 0;
}

function isGltfJson(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, LOOKED_AT_BYTES)).trimStart();
  if (!text.startsWith('{')) return false;
  // The version may come after megabytes of data: nothing else in JSON is a model.
  return text.includes('"asset"') || new TextDecoder().decode(bytes).includes('"asset"');
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
