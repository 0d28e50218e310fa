import { type DownFrame, decodeFrame } from '@weft/protocol';
import type { LaneSocket } from '@weft/relay';

/** A connection in memory. It takes everything at once, unless it is slow: then only what the test lets through. */
export class TwinLaneSocket implements LaneSocket {
  /** What arrived, decoded. */
  readonly frames: DownFrame[] = [];
  /** How the relay closed it; `null` while it is open. */
  closed: { readonly code: number; readonly reason: string } | null = null;
  isSlow = false;
  /** For how long the relay heard nothing, as the test says. */
  quietMs = 0;
  /** How often the relay asked whether somebody is there. */
  pings = 0;
  readonly #listener: (frame: DownFrame) => void;
  #queue: { readonly message: Uint8Array; readonly written: (() => void) | undefined }[] = [];
  #queuedBytes = 0;
  #isCut = false;

  /** @param listener hears of each frame as it arrives */
  constructor(listener: (frame: DownFrame) => void = () => undefined) {
    this.#listener = listener;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  send(message: Uint8Array, written?: () => void): void {
    if (this.closed !== null) return;
    if (!this.isSlow) {
      this.#arrive(message);
      return;
    }
    this.#queue.push({ message, written });
    this.#queuedBytes += message.length;
  }

  ping(): void {
    this.pings += 1;
  }

  close(code: number, reason: string): void {
    this.closed ??= { code, reason };
  }

  /** The client is gone: nothing arrives any more, and the relay does not know. */
  cut(): void {
    this.#isCut = true;
  }

  /** Lets that many messages through, all of them by default. */
  read(count = Number.POSITIVE_INFINITY): void {
    for (let left = count; left > 0; left -= 1) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#queuedBytes -= next.message.length;
      this.#arrive(next.message);
      next.written?.();
    }
  }

  /** The frames of one type, in order. */
  of<Type extends DownFrame['type']>(type: Type): Extract<DownFrame, { type: Type }>[] {
    return this.frames.filter((frame): frame is Extract<DownFrame, { type: Type }> => frame.type === type);
  }

  #arrive(message: Uint8Array): void {
    if (this.#isCut) return;
    const frame = decodeFrame(message, 'to-client');
    this.frames.push(frame);
    this.#listener(frame);
  }
}
