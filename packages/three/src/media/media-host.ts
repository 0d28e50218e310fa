import type { Timers } from '@weft/core';

/** What a browser lends to play sounds and films. */
export interface MediaHost {
  readonly timers: Pick<Timers, 'after'>;
  audio(): HTMLAudioElement;
  video(): HTMLVideoElement;
  /** @throws where the browser has none to give */
  context(): AudioContext;
  /** Where clicks and keys are heard of: a browser lets sound begin with one of them. */
  readonly gestures: EventTarget;
}

export const pageTimers: Pick<Timers, 'after'> = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** The page's own; `null` outside a page. */
export function pageMedia(): MediaHost | null {
  if (typeof document === 'undefined' || typeof AudioContext === 'undefined') return null;
  return {
    timers: pageTimers,
    audio: () => document.createElement('audio'),
    video: () => document.createElement('video'),
    context: () => new AudioContext(),
    gestures: document,
  };
}
