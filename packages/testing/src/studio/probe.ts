import type { World } from '@weft/world';

/** What a page of the studio shows of itself, as `window.weft`. */
export interface StudioProbe {
  readonly world: World;
  /** Frames drawn so far. */
  readonly frames: number;
  /** Puts the camera somewhere and has it look somewhere, in metres. */
  look(from: readonly [number, number, number], to: readonly [number, number, number]): void;
  /** Resolves once the world is read and all of it is drawn. */
  idle(): Promise<void>;
}

declare global {
  interface Window {
    /** The studio's own name for it is `weft`; here it is read under a type of this package. */
    weftProbe?: StudioProbe;
  }
}

/** Run in the page before anything else: lets tests find the probe under their own type. */
export function nameProbe(): void {
  Object.defineProperty(window, 'weftProbe', { get: () => Reflect.get(window, 'weft') });
}
