import type { AssetError } from '../asset-error.ts';
import type { LoadedAsset, LoadOptions } from './loaded-asset.ts';

type Progress = NonNullable<LoadOptions['onProgress']>;

/** One load that several wait for: it goes on as long as anybody does. */
export class Flight {
  readonly #stop = new AbortController();
  readonly #progress = new Set<Progress>();
  readonly #done: Promise<LoadedAsset>;
  #waiting = 0;

  /** @param ended called once, when it is over or nobody waits any more */
  constructor(run: (signal: AbortSignal, onProgress: Progress) => Promise<LoadedAsset>, ended: () => void) {
    this.#done = run(this.#stop.signal, (received, total) => {
      for (const listener of [...this.#progress]) listener(received, total);
    }).finally(ended);
    this.#stop.signal.addEventListener('abort', ended, { once: true });
    // Nobody may be left to hear of it.
    this.#done.catch(() => undefined);
  }

  /** @param cancelled what a caller is told whose signal ends its waiting */
  async join({ signal, onProgress }: LoadOptions, cancelled: () => AssetError): Promise<LoadedAsset> {
    const { promise: left, reject } = Promise.withResolvers<never>();
    const leave = (): void => reject(cancelled());
    // A wrapper of its own: the same listener may wait twice.
    const told: Progress = (received, total) => onProgress?.(received, total);
    signal?.addEventListener('abort', leave, { once: true });
    this.#progress.add(told);
    this.#waiting += 1;
    try {
      return await Promise.race([this.#done, left]);
    } finally {
      signal?.removeEventListener('abort', leave);
      this.#progress.delete(told);
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#stop.abort();
    }
  }
}
