import type { WorldView } from '@weft/three';
import type { Studio } from './state/studio.ts';
import type { StudioWorld } from './state/studio-world.ts';
import type { Stage } from './viewport/stage.ts';

type Vec3 = readonly [number, number, number];

/** `window.weft`: what a browser test, or a curious person at the console, can see of this page. */
export interface Probe {
  readonly world: StudioWorld;
  /** `null` where there is no 3D view. */
  readonly view: WorldView | null;
  /** Frames drawn so far. */
  readonly frames: number;
  /** Puts the camera somewhere and has it look somewhere, in metres. */
  look(from: Vec3, to: Vec3): void;
  /** Resolves once the world is read, every asset is loaded or failed, and all of it is drawn. */
  idle(): Promise<void>;
}

declare global {
  interface Window {
    weft?: Probe;
  }
}

/** @returns takes it away */
export function publishProbe(studio: Studio, stage: () => Stage | null): () => void {
  window.weft = {
    world: studio.world,
    get view() {
      return stage()?.view ?? null;
    },
    get frames() {
      return stage()?.loop.frames ?? 0;
    },
    look: (from, to) => stage()?.look(from, to),
    async idle() {
      do {
        await until(studio, () => studio.status.value.graph === 'ready' && !isLoading(stage()));
        await stage()?.loop.settled();
      } while (isLoading(stage()) || stage()?.loop.dirty);
    },
  };
  return () => {
    delete window.weft;
  };
}

function isLoading(stage: Stage | null): boolean {
  return stage?.view.assets.some(({ state }) => state === 'loading') ?? false;
}

// Looks again whenever the status or an asset changes, never by a timer.
function until(studio: Studio, done: () => boolean): Promise<void> {
  if (done()) return Promise.resolve();
  return new Promise((resolve) => {
    const stops = [studio.status.subscribe(look), studio.assets.subscribe(look)];
    function look(): void {
      if (!done()) return;
      queueMicrotask(() => {
        for (const stop of stops) stop();
      });
      resolve();
    }
  });
}
