import { fileKindOf } from '@weft/assets';
import { AssetRefused } from '../asset/asset-refused.ts';
import type { MediaHost } from './media-host.ts';

/** A sound or film that this browser plays, at an address of this page. */
export interface Clip {
  /** `blob:`; gone once the clip was given back. */
  readonly url: string;
  /** In pixels; 0 for a sound. */
  readonly width: number;
  readonly height: number;
}

/** 7,680 × 4,320: the most that a film all round has. */
export const MAX_FILM_PIXELS = 33_177_600;
/** How long a browser may take to find out what a file holds. */
export const CLIP_PROBE_MS = 15_000;

/**
 * Makes an address of bytes once the browser has said that it plays them.
 *
 * @param use what the bytes must be
 * @throws AssetRefused in words for the person who put it there
 */
export async function openClip(
  bytes: Uint8Array,
  use: 'sound' | 'video',
  host: MediaHost | null,
  signal: AbortSignal,
): Promise<Clip> {
  const kind = fileKindOf(bytes);
  // A container tells of a film what it also tells of a sound: MP4 and Ogg hold either.
  const isFit = kind?.use === use || (use === 'sound' && kind?.use === 'video');
  if (kind === null || !isFit) {
    const wanted = use === 'sound' ? 'an MP3, Ogg, WAV, FLAC or MPEG-4 sound' : 'an MPEG-4 or WebM film';
    throw new AssetRefused(`it is not ${wanted}`);
  }
  if (host === null) throw new AssetRefused(`this place cannot play a ${use === 'sound' ? 'sound' : 'film'}`);
  const url = URL.createObjectURL(new Blob([bytes.slice()], { type: kind.type }));
  const player = use === 'sound' ? host.audio() : host.video();
  try {
    await probed(player, url, host, signal);
    const [width, height] = use === 'video' ? sizeOf(player) : [0, 0];
    if (use === 'video' && width * height === 0) throw new AssetRefused('the film has no picture');
    if (width * height > MAX_FILM_PIXELS) {
      throw new AssetRefused(`the film is ${width} × ${height}; at most ${MAX_FILM_PIXELS} pixels are shown`);
    }
    return { url, width, height };
  } catch (error) {
    URL.revokeObjectURL(url);
    throw error;
  } finally {
    closePlayer(player);
  }
}

export function closeClip({ url }: Clip): void {
  URL.revokeObjectURL(url);
}

/** Ends what a player holds: its decoder and its buffers. */
export function closePlayer(player: HTMLMediaElement): void {
  player.pause();
  player.removeAttribute('src');
  player.load();
}

function probed(player: HTMLMediaElement, url: string, host: MediaHost, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = new AbortController();
    const settle = (tell: () => void) => () => {
      done.abort();
      stopTimer();
      tell();
    };
    const listen = { signal: done.signal };
    const refuse = (reason: string) => settle(() => reject(new AssetRefused(reason)));
    const stopTimer = host.timers.after(CLIP_PROBE_MS, refuse('this browser cannot make out what it holds'));
    player.addEventListener('loadedmetadata', settle(resolve), listen);
    player.addEventListener(
      'error',
      refuse('this browser cannot play it; save it in another format'),
      listen,
    );
    signal.addEventListener(
      'abort',
      settle(() => reject(signal.reason)),
      listen,
    );
    player.preload = 'metadata';
    player.src = url;
  });
}

function sizeOf(player: HTMLMediaElement): readonly [width: number, height: number] {
  const [width, height]: unknown[] = [Reflect.get(player, 'videoWidth'), Reflect.get(player, 'videoHeight')];
  return [typeof width === 'number' ? width : 0, typeof height === 'number' ? height : 0];
}
