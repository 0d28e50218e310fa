import { type Camera, type Object3D, Quaternion, Vector3 } from 'three';
import { loudnessAt, type Reach } from './loudness.ts';
import type { MediaHost } from './media-host.ts';

/** Whether a world is heard. */
export type SoundState =
  /** There is nothing to hear. */
  | 'none'
  /** The browser wants a click or a key first. */
  | 'waiting'
  | 'on'
  /** Turned off by whoever listens. */
  | 'muted';

/** How loud a player is, and from where. */
export interface Placement {
  /** 0 to 1. */
  readonly volume: number;
  /** `null`: as loud everywhere. */
  readonly reach: Reach | null;
}

export interface Speaker {
  place(placement: Placement): void;
  /** The player itself is for its owner to close. */
  dispose(): void;
}

interface Voice {
  readonly player: HTMLMediaElement;
  readonly at: Object3D;
  readonly hear: () => void;
  placement: Placement;
  nodes: { readonly source: AudioNode; readonly gain: GainNode; readonly panner: PannerNode } | null;
}

/** Turns of the loudness take this long, so that none of them clicks. */
const EASE_SECONDS = 0.05;

/**
 * What a world sounds like from where its camera is. Browsers let nothing be heard before a click or a key: until then it waits,
 * begins with the first of them, and says so.
 */
export class Speakers {
  readonly #host: MediaHost | null;
  readonly #changed: () => void;
  readonly #voices = new Set<Voice>();
  #context: AudioContext | null = null;
  #isMuted = false;
  #stopListening: (() => void) | null = null;
  readonly #eye = new Vector3();
  readonly #spot = new Vector3();
  readonly #ahead = new Vector3();
  readonly #turn = new Quaternion();

  constructor(host: MediaHost | null, changed: () => void) {
    this.#host = host;
    this.#changed = changed;
  }

  get state(): SoundState {
    if (this.#voices.size === 0) return 'none';
    if (this.#isMuted) return 'muted';
    return this.#context?.state === 'running' ? 'on' : 'waiting';
  }

  get size(): number {
    return this.#voices.size;
  }

  /** @param hear called now and whenever this player may or may no longer be heard */
  add(player: HTMLMediaElement, at: Object3D, placement: Placement, hear: () => void): Speaker {
    const voice: Voice = { player, at, hear, placement, nodes: null };
    this.#voices.add(voice);
    if (!this.#isMuted) this.#open();
    this.#tell();
    return {
      place: (next) => {
        voice.placement = next;
      },
      dispose: () => {
        if (!this.#voices.delete(voice)) return;
        for (const node of Object.values(voice.nodes ?? {})) node.disconnect();
        if (this.#voices.size === 0) this.#close();
        this.#changed();
      },
    };
  }

  /** Begins to be heard; does nothing before a click or a key was seen. */
  async start(): Promise<void> {
    this.#isMuted = false;
    this.#open();
    try {
      await this.#context?.resume();
    } catch {
      // Closed meanwhile, or refused: `state` tells, and the next click tries again.
    }
    this.#tell();
  }

  mute(): void {
    this.#isMuted = true;
    this.#close();
    this.#tell();
  }

  /** To be called with each frame. */
  update(camera: Camera): void {
    const context = this.#context;
    if (context?.state !== 'running') return;
    camera.getWorldPosition(this.#eye);
    camera.getWorldQuaternion(this.#turn);
    const { listener } = context;
    const now = context.currentTime;
    place([listener.positionX, listener.positionY, listener.positionZ], this.#eye, now);
    this.#ahead.set(0, 0, -1).applyQuaternion(this.#turn);
    place([listener.forwardX, listener.forwardY, listener.forwardZ], this.#ahead, now);
    this.#ahead.set(0, 1, 0).applyQuaternion(this.#turn);
    place([listener.upX, listener.upY, listener.upZ], this.#ahead, now);
    for (const voice of this.#voices) this.#tune(voice, context, now);
  }

  dispose(): void {
    for (const voice of this.#voices) for (const node of Object.values(voice.nodes ?? {})) node.disconnect();
    this.#voices.clear();
    this.#close();
  }

  #tune(voice: Voice, context: AudioContext, now: number): void {
    const { gain, panner } = this.#wire(voice, context);
    const { volume, reach } = voice.placement;
    voice.at.getWorldPosition(this.#spot);
    const share = reach === null ? 1 : loudnessAt(this.#spot.distanceTo(this.#eye), reach);
    gain.gain.setTargetAtTime(volume * share, now, EASE_SECONDS);
    // What is as loud everywhere comes from where the listener is, and so from no side.
    const from = reach === null ? this.#eye : this.#spot;
    place([panner.positionX, panner.positionY, panner.positionZ], from, now);
  }

  #wire(voice: Voice, context: AudioContext): NonNullable<Voice['nodes']> {
    if (voice.nodes !== null) return voice.nodes;
    const source = context.createMediaElementSource(voice.player);
    const gain = context.createGain();
    gain.gain.value = 0;
    // The panner only tells the side; how distance fades is ours, since none of its models ends where `maxDistance` says.
    const panner = context.createPanner();
    panner.panningModel = 'equalpower';
    panner.rolloffFactor = 0;
    source.connect(gain).connect(panner).connect(context.destination);
    voice.nodes = { source, gain, panner };
    return voice.nodes;
  }

  #open(): void {
    if (this.#host === null) return;
    if (this.#context === null) {
      this.#context = this.#host.context();
      this.#context.addEventListener('statechange', () => this.#tell());
    }
    this.#listen();
  }

  #listen(): void {
    const gestures = this.#host?.gestures;
    if (gestures === undefined || this.#stopListening !== null) return;
    const ended = new AbortController();
    const begin = () => {
      if (this.#context?.state !== 'running' && !this.#isMuted) void this.start();
    };
    for (const name of ['pointerdown', 'keydown']) {
      gestures.addEventListener(name, begin, { signal: ended.signal, capture: true });
    }
    this.#stopListening = () => ended.abort();
  }

  // A player that was once wired to a context plays nowhere else, so a context is put to sleep and closed with the last voice.
  #close(): void {
    this.#stopListening?.();
    this.#stopListening = null;
    const context = this.#context;
    if (context === null || context.state === 'closed') return;
    if (this.#voices.size > 0) {
      void context.suspend().catch(() => {});
      return;
    }
    this.#context = null;
    void context.close().catch(() => {});
  }

  #tell(): void {
    for (const { hear } of [...this.#voices]) hear();
    this.#changed();
  }
}

function place([x, y, z]: readonly [AudioParam, AudioParam, AudioParam], at: Vector3, now: number): void {
  x.setValueAtTime(at.x, now);
  y.setValueAtTime(at.y, now);
  z.setValueAtTime(at.z, now);
}
