import { Decoder, type DecodeThread } from '../decode/decoder.ts';
import { systemTimers } from '../decode/system-timers.ts';
import { startThread } from '../decode/web-thread.ts';
import type { DecodePart } from '../gltf/unpack-model.ts';

/** What Chromium takes at most to be done with a thread, a busy machine included. */
const ENDING_MS = 500;

/**
 * A decoder within a worker, which ends it by ending itself. A worker of Chromium that is ended just after a thread of its own stays for
 * good, with that thread and all that both hold; ended with it, neither stays.
 */
export class InnerDecoder {
  #endedAtMs = Number.NEGATIVE_INFINITY;
  readonly #decoder = new Decoder({
    timers: systemTimers,
    start: (listener) => {
      const { post, terminate } = startThread(listener);
      return {
        post,
        terminate: () => {
          this.#endedAtMs = systemTimers.now();
          terminate();
        },
      } satisfies DecodeThread;
    },
  });

  forModel(what: string, signal?: AbortSignal): DecodePart {
    return this.#decoder.forModel(what, signal);
  }

  /** Nothing: the thread goes with this one. */
  stop(): void {}

  /** Resolves once a thread that had to be ended, as one that took too long has, is surely gone. */
  async settled(): Promise<void> {
    const leftMs = this.#endedAtMs + ENDING_MS - systemTimers.now();
    if (leftMs > 0) await new Promise<void>((gone) => systemTimers.after(leftMs, gone));
  }
}
