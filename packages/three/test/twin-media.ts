import { FakeTimers } from '@weft/testing';
import type { MediaHost } from '../src/media/media-host.ts';

/** A player that plays nothing, and tells what was asked of it. */
export class TwinPlayer extends EventTarget {
  src = '';
  preload = '';
  loop = false;
  muted = false;
  ended = false;
  paused = true;
  playsInline = false;
  currentTime = 0;
  videoWidth = 0;
  videoHeight = 0;
  plays = 0;

  play(): Promise<void> {
    this.paused = false;
    this.plays += 1;
    return Promise.resolve();
  }

  pause(): void {
    this.paused = true;
  }

  removeAttribute(): void {
    this.src = '';
  }

  load(): void {}

  requestVideoFrameCallback(): number {
    return 0;
  }
}

class TwinNode {
  readonly gain = twinParam();
  readonly positionX = twinParam();
  readonly positionY = twinParam();
  readonly positionZ = twinParam();
  connect(next: unknown): unknown {
    return next;
  }
  disconnect(): void {}
}

function twinParam() {
  return {
    value: 0,
    setValueAtTime(value: number) {
      this.value = value;
    },
    setTargetAtTime(value: number) {
      this.value = value;
    },
  };
}

export class TwinContext extends EventTarget {
  state = 'suspended';
  readonly currentTime = 0;
  readonly destination = new TwinNode();
  readonly gains: TwinNode[] = [];
  readonly listener = {
    ...{ positionX: twinParam(), positionY: twinParam(), positionZ: twinParam() },
    ...{ forwardX: twinParam(), forwardY: twinParam(), forwardZ: twinParam() },
    ...{ upX: twinParam(), upY: twinParam(), upZ: twinParam() },
  };
  /** Whether the browser lets it be heard. */
  isAllowed = true;

  resume(): Promise<void> {
    if (!this.isAllowed) return Promise.reject(new DOMException('no click yet', 'NotAllowedError'));
    return this.#turn('running');
  }

  suspend(): Promise<void> {
    return this.#turn('suspended');
  }

  close(): Promise<void> {
    return this.#turn('closed');
  }

  createMediaElementSource(): TwinNode {
    return new TwinNode();
  }

  createGain(): TwinNode {
    const node = new TwinNode();
    this.gains.push(node);
    return node;
  }

  createPanner(): TwinNode {
    return new TwinNode();
  }

  async #turn(state: string): Promise<void> {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

/** What a browser lends, without one. */
export function twinMedia() {
  const players: TwinPlayer[] = [];
  const contexts: TwinContext[] = [];
  const gestures = new EventTarget();
  const timers = new FakeTimers();
  const make = () => {
    const player = new TwinPlayer();
    players.push(player);
    return player;
  };
  const host = {
    timers,
    audio: make,
    video: make,
    context: () => {
      const context = new TwinContext();
      contexts.push(context);
      return context;
    },
    gestures,
  } as unknown as MediaHost;
  return { host, players, contexts, gestures, timers };
}
