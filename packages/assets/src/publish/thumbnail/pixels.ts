/** A picture in memory: red, green, blue, alpha of each pixel, in sRGB and not premultiplied, rows from the top. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** `width × height × 4` bytes. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What a platform does with pictures. */
export interface Imaging {
  /** The picture within a square of `maxSide` pixels. @throws where it cannot be read */
  decode(file: Uint8Array, type: string, maxSide: number): Promise<Pixels>;
  /** As a PNG file. */
  encode(pixels: Pixels): Promise<Uint8Array<ArrayBuffer>>;
}
