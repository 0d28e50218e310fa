import type { AddressOf, AssetScheme } from '../reference/address.ts';

export interface FetchFileOptions {
  /** More bytes than these are refused before they are held. */
  readonly maxBytes: number;
  /** Ends the attempt at once, whatever the other side makes of it. */
  readonly signal: AbortSignal;
  /**
   * Told each piece of the file as it comes, in order and once; `totalBytes` is what the other side announced, `null` where
   * it did not. A source that tells any tells all, and keeps what it told unchanged.
   */
  readonly onChunk?: (chunk: Uint8Array, totalBytes: number | null) => void;
}

export interface FetchedFile {
  readonly bytes: Uint8Array;
  /** What the other side calls it; a hint. */
  readonly type: string | null;
}

/** Gives files of one scheme. What it gives is verified by whoever asked, except where the address itself names the bytes. */
export interface AssetSource<Scheme extends AssetScheme = AssetScheme> {
  readonly scheme: Scheme;
  /** @throws AssetError: every way to fail has a code */
  fetch(address: AddressOf<Scheme>, options: FetchFileOptions): Promise<FetchedFile>;
}

export interface FileToStore {
  /** The file's name, as people see it. */
  readonly name: string;
  /** The media type, such as `model/gltf-binary`. */
  readonly type: string;
  readonly signal: AbortSignal;
  /** Told how many bytes of the file have left, as they do; a sink that cannot know tells nothing. */
  readonly onSent?: (sentBytes: number) => void;
}

/** Takes files, to give them back by the address that it answers with. */
export interface AssetSink<Scheme extends AssetScheme = AssetScheme> {
  readonly scheme: Scheme;
  /** @returns the address. @throws AssetError */
  store(bytes: Uint8Array, file: FileToStore): Promise<string>;
}
