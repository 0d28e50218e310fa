import type { AssetRef } from '@weft/assets';
import type { Decoder, TextureTarget } from '@weft/assets/decode';
import type { Timers, UserId } from '@weft/core';
import type { Object3D, Texture } from 'three';
import { type Clip, closeClip, openClip } from '../media/clip.ts';
import type { MediaHost } from '../media/media-host.ts';
import { disposeModel, disposeTexture } from '../shared/dispose.ts';
import type { LoadAsset } from '../source.ts';
import { Gate } from './gate.ts';
import { type ModelHost, parseModel } from './parse-model.ts';
import { parsePicture } from './parse-picture.ts';
import { parseThumbnail } from './parse-thumbnail.ts';
import { type AssetStatus, Shelf } from './shelf.ts';

/** Files fetched and decoded at one time. */
export const MAX_CONCURRENT_ASSETS = 4;
/** Different sounds, and different films, held at one time. */
export const MAX_SOUNDS = 64;
export const MAX_FILMS = 8;
/** Different thumbnails held at one time: each decodes to a mebibyte at most. */
export const MAX_THUMBNAILS = 64;
/** Thumbnails fetched at one time, beside the files themselves: what stalls of them holds up nothing else. */
export const MAX_CONCURRENT_THUMBNAILS = 2;

export interface LibraryOptions {
  readonly loadAsset: LoadAsset;
  readonly textureTarget: TextureTarget;
  /** Gives the decoder of compressed models; default: one of this library. */
  readonly decoder?: (() => Promise<Decoder>) | undefined;
  /** When what failed for a passing reason is tried again. */
  readonly timers: Pick<Timers, 'after'>;
  readonly media: MediaHost | null;
  /** Called after the status of any of them changed. */
  readonly onChange: () => void;
}

/** All the files that a view shows, one shelf a kind. */
export class Library {
  readonly models: Shelf<Object3D>;
  /** Models that people wear. */
  readonly worn: Shelf<Object3D, UserId>;
  readonly pictures: Shelf<Texture>;
  /** In nobody's list: one that is broken is none, and is not tried again by itself. */
  readonly thumbnails: Shelf<Texture>;
  readonly sounds: Shelf<Clip>;
  readonly films: Shelf<Clip>;
  #decoder: Promise<Decoder> | null = null;

  constructor({ loadAsset, textureTarget, decoder, timers, media, onChange }: LibraryOptions) {
    const shelf = { load: loadAsset, timers, gate: new Gate(MAX_CONCURRENT_ASSETS), onChange };
    const host: ModelHost = {
      decoder: decoder ?? (() => this.#openDecoder()),
      textureTarget,
      load: async (src, part) => (await loadAsset({ src }, { kind: 'model', retry: false, ...part })).bytes,
    };
    const decode = (bytes: Uint8Array, ref: AssetRef, signal: AbortSignal) =>
      parseModel(bytes, host, { from: homeOf(ref), signal });
    this.models = new Shelf({ ...shelf, kind: 'model', decode, dispose: disposeModel });
    this.worn = new Shelf({ ...shelf, kind: 'model', decode, dispose: disposeModel });
    this.pictures = new Shelf({ ...shelf, kind: 'picture', decode: parsePicture, dispose: disposeTexture });
    this.thumbnails = new Shelf({
      ...{ load: loadAsset, kind: 'picture', decode: parseThumbnail, dispose: disposeTexture },
      gate: new Gate(MAX_CONCURRENT_THUMBNAILS),
      timers: { after: () => () => undefined },
      most: { count: MAX_THUMBNAILS, reason: `at most ${MAX_THUMBNAILS} thumbnails are held at once` },
      onChange: () => undefined,
    });
    this.sounds = new Shelf({
      ...shelf,
      kind: 'sound',
      most: { count: MAX_SOUNDS, reason: `at most ${MAX_SOUNDS} different sounds are held at once` },
      decode: (bytes, _, signal) => openClip(bytes, 'sound', media, signal),
      dispose: closeClip,
    });
    this.films = new Shelf({
      ...shelf,
      kind: 'video',
      most: { count: MAX_FILMS, reason: `at most ${MAX_FILMS} different films are held at once` },
      decode: (bytes, _, signal) => openClip(bytes, 'video', media, signal),
      dispose: closeClip,
    });
  }

  /** Of everything that objects name. */
  get statuses(): readonly AssetStatus[] {
    return this.#ofObjects.flatMap((shelf) => shelf.statuses());
  }

  /** Loads again what failed under this source; what failed of thumbnails comes from the same places. */
  retry(src: string): void {
    for (const shelf of this.#ofObjects) shelf.retry(src);
    this.thumbnails.retry();
  }

  dispose(): void {
    void this.#decoder?.then((decoder) => decoder.stop());
  }

  get #ofObjects() {
    return [this.models, this.pictures, this.sounds, this.films] as const;
  }

  #openDecoder(): Promise<Decoder> {
    // Not before a compressed model is there: most worlds have none, and its code is as large as three.js.
    this.#decoder ??= import('@weft/assets/decode').then(({ openDecoder }) => openDecoder());
    return this.#decoder;
  }
}

// Whichever address gave the bytes: the files beside them are where they lie in a directory.
function homeOf({ src, alt = [] }: AssetRef): string {
  return [src, ...alt].find((address) => address.startsWith('ipfs:')) ?? src;
}
