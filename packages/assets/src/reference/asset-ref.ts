/**
 * A file that an object refers to, with what holds it to be the one that was meant. The components `mesh`, `image`, `sky`,
 * `audio` and `video` are such references once they name a source.
 */
export interface AssetRef {
  /** The address to try first: `mxc:`, `ipfs:`, `https:` or `data:`. */
  readonly src: string;
  /** Of the whole file, 64 lowercase hexadecimal digits; without it, what comes is believed. */
  readonly sha256?: string;
  /** Of the whole file; a file of another size is not taken. */
  readonly bytes?: number;
  /** The media type that its publisher gave, such as `model/gltf-binary`; a hint, since the bytes decide. */
  readonly type?: string;
  /** Other addresses of the same bytes, tried in order; at most 8. */
  readonly alt?: readonly string[];
}
