import { effect } from '@preact/signals';
import type { ObjectId } from '@weft/core';
import type { WorldView } from '@weft/three';
import type { MoverPose } from '@weft/world';
import { MathUtils, type PerspectiveCamera, Quaternion, Vector3 } from 'three';
import type { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';
import type { Studio } from '../state/studio.ts';
import type { StudioMe } from '../state/studio-world.ts';
import { WalkCamera } from './walk-camera.ts';
import { WalkGround } from './walk-ground.ts';
import { WalkKeys } from './walk-keys.ts';

const WALK_METRES_A_SECOND = 1.7;
const RUN_METRES_A_SECOND = 4.2;
/** A page that was not drawn for longer goes on as if for so long. */
const MAX_FRAME_SECONDS = 0.1;
const TURN_RADIANS_A_SECOND = 9;
const ARRIVED_METRES = 0.08;
const SEATED_EYES_METRES = 0.75;
const STANDING_EYES_METRES = 1.6;
/** Where what is carried is: before the chest. */
const HELD = { before: 0.85, height: 0.9 } as const;
const LOOK_ROUND_MS = 250;
const UP = new Vector3(0, 1, 0);
const NOTHING: ReadonlySet<ObjectId> = new Set();

interface Held {
  readonly id: ObjectId;
  /** How it is turned against the body. */
  readonly turned: Quaternion;
  /** How far its origin is above the floor that it stands on. */
  readonly above: number;
}

/** Walks this page's avatar: by keys, or to where was clicked; the camera goes along. */
export class Walker {
  readonly keys = new WalkKeys();
  readonly #studio: Studio;
  readonly #view: WorldView;
  readonly #camera: WalkCamera;
  readonly #ground: WalkGround;
  readonly #ask: () => void;
  readonly #feet = new Vector3();
  readonly #stops: readonly (() => void)[];
  #yaw = 0;
  #goal: Vector3 | null = null;
  #held: Held | null = null;
  #lastMs = 0;
  #lookedMs = 0;
  #shown = '';

  constructor(
    studio: Studio,
    view: WorldView,
    stage: { camera: PerspectiveCamera; controls: OrbitControls; ask(): void },
  ) {
    this.#studio = studio;
    this.#view = view;
    this.#camera = new WalkCamera(stage.camera, stage.controls);
    this.#ground = new WalkGround(view);
    this.#ask = stage.ask;
    const { walk } = studio;
    walk.lower = () => this.#lower();
    this.#stops = [
      effect(() => {
        const me = walk.me.value;
        if (me === null) this.#end();
        else this.#begin(me);
      }),
      effect(() => {
        const view = walk.view.value;
        if (walk.me.peek() !== null) this.#look(view);
      }),
      effect(() => {
        this.#hold(walk.carried.value);
      }),
      effect(() => {
        walk.seat.value;
        this.#goal = null;
        this.#ask();
      }),
    ];
  }

  /** Walks to a place, as far as nothing is in the way. */
  goTo(point: Vector3): void {
    this.#goal = point.clone();
    this.#ask();
  }

  /** One frame: call it before the world is drawn. */
  step(nowMs: number): void {
    const { walk } = this.#studio;
    const me = walk.me.value;
    if (me === null) return;
    const seconds = Math.min(MAX_FRAME_SECONDS, (nowMs - this.#lastMs) / 1000);
    this.#lastMs = nowMs;
    const wish = this.#wish();
    this.keys.took();
    if (wish !== null && me.seat !== null) this.#standUp();
    const isGoing = wish !== null && me.seat === null;
    if (isGoing) this.#go(wish, seconds);
    if (me.seat === null)
      this.#tell(me, isGoing ? (wish.fast ? 'run' : 'walk') : walk.waves ? 'wave' : 'stand');
    else this.#feet.set(...me.lastPose.body.position);
    this.#carry(me);
    this.#camera.follow(this.#feet, me.seat === null ? STANDING_EYES_METRES : SEATED_EYES_METRES);
    if (nowMs - this.#lookedMs >= LOOK_ROUND_MS) {
      this.#lookedMs = nowMs;
      walk.offer.value = walk.carried.value === null ? walk.offerNear(this.#feet.toArray()) : null;
    }
    if (isGoing || walk.waves) this.#ask();
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#end();
  }

  #begin(me: StudioMe): void {
    const { body } = me.lastPose;
    this.#feet.set(...body.position);
    this.#feet.y = this.#ground.floorUnder(this.#feet, NOTHING) ?? this.#feet.y;
    this.#yaw = yawOf(body.rotation);
    this.#lastMs = performance.now();
    this.#studio.selection.clear();
    this.#camera.begin(this.#feet, this.#yaw, this.#studio.walk.view.peek());
    this.#view.showOwnAvatar(this.#studio.walk.view.peek() === 'third');
    this.#ask();
  }

  #end(): void {
    this.keys.clear();
    this.#goal = null;
    this.#held = null;
    this.#shown = '';
    this.#camera.end();
    this.#view.showOwnAvatar(false);
    this.#ask();
  }

  #look(view: 'third' | 'first'): void {
    this.#camera.look(view);
    this.#view.showOwnAvatar(view === 'third');
    this.#ask();
  }

  /** Which way over the floor, and how fast; `null` to stay. */
  #wish(): { readonly yaw: number; readonly fast: boolean; readonly metres: number } | null {
    const wish = this.keys.wish;
    if (wish !== null) {
      this.#goal = null;
      if (wish.across === 0 && wish.ahead === 0) return null;
      const yaw = this.#camera.yaw + Math.atan2(-wish.across, wish.ahead);
      return { yaw, fast: wish.fast, metres: Number.POSITIVE_INFINITY };
    }
    if (this.#goal === null) return null;
    const [x, z] = [this.#goal.x - this.#feet.x, this.#goal.z - this.#feet.z];
    const metres = Math.hypot(x, z);
    if (metres > ARRIVED_METRES) return { yaw: Math.atan2(-x, -z), fast: false, metres };
    this.#goal = null;
    return null;
  }

  #go({ yaw, fast, metres }: { yaw: number; fast: boolean; metres: number }, seconds: number): void {
    const step = Math.min(metres, (fast ? RUN_METRES_A_SECOND : WALK_METRES_A_SECOND) * seconds);
    const [x, z] = [this.#feet.x, this.#feet.z];
    this.#ground.go(this.#feet, -Math.sin(yaw) * step, -Math.cos(yaw) * step, this.#carried());
    this.#turn(yaw, seconds);
    const isStuck = Math.hypot(this.#feet.x - x, this.#feet.z - z) < step / 10;
    if (isStuck && seconds > 0) this.#goal = null;
  }

  #turn(yaw: number, seconds: number): void {
    const left = MathUtils.euclideanModulo(yaw - this.#yaw + Math.PI, 2 * Math.PI) - Math.PI;
    const most = TURN_RADIANS_A_SECOND * seconds;
    this.#yaw += Math.max(-most, Math.min(most, left));
  }

  #standUp(): void {
    const { walk } = this.#studio;
    const { body } = walk.me.value?.lastPose ?? { body: null };
    if (body === null) return;
    walk.stand();
    // One gets up to where the seat looks.
    this.#yaw = yawOf(body.rotation);
    this.#feet.set(...body.position);
    this.#feet.x -= Math.sin(this.#yaw) * HELD.before;
    this.#feet.z -= Math.cos(this.#yaw) * HELD.before;
    this.#feet.y = this.#ground.floorUnder(this.#feet, this.#carried()) ?? this.#feet.y;
  }

  /** Says how it stands where that is another way than before; what rests is said once. */
  #tell(me: StudioMe, state: NonNullable<MoverPose['state']>): void {
    const rotation = new Quaternion().setFromAxisAngle(UP, this.#yaw);
    const pose: MoverPose = {
      body: { position: this.#feet.toArray(), rotation: [rotation.x, rotation.y, rotation.z, rotation.w] },
      state,
      resting: state !== 'walk' && state !== 'run',
    };
    const shown = JSON.stringify(pose);
    if (shown === this.#shown) return;
    this.#shown = shown;
    me.pose(pose);
  }

  #hold(id: ObjectId | null): void {
    const node = id === null ? undefined : this.#view.nodeOf(id);
    this.#held = null;
    if (id === null || node === undefined) return;
    const at = node.getWorldPosition(new Vector3());
    const floor = this.#ground.floorUnder(at, new Set([id])) ?? at.y;
    const turned = node.getWorldQuaternion(new Quaternion());
    turned.premultiply(new Quaternion().setFromAxisAngle(UP, -this.#yaw));
    this.#held = { id, turned, above: at.y - floor };
    this.#ask();
  }

  /** Keeps what is carried before the chest; it is put down on the floor below. */
  #carry(me: StudioMe): void {
    const held = this.#held;
    if (held === null) return;
    const body = new Quaternion().setFromAxisAngle(UP, this.#yaw);
    const { x, y, z, w } = held.turned.clone().premultiply(body);
    const at = new Vector3(0, HELD.height, -HELD.before).applyQuaternion(body).add(this.#feet);
    me.carry({ position: at.toArray(), rotation: [x, y, z, w] }, held.id);
  }

  /** Puts it on the floor before it is let go. */
  #lower(): void {
    const [held, me] = [this.#held, this.#studio.walk.me.value];
    if (held === null || me === null) return;
    const body = new Quaternion().setFromAxisAngle(UP, this.#yaw);
    const { x, y, z, w } = held.turned.clone().premultiply(body);
    const at = new Vector3(0, 0, -HELD.before).applyQuaternion(body).add(this.#feet);
    at.y = (this.#ground.floorUnder(at, this.#carried()) ?? at.y) + held.above;
    me.carry({ position: at.toArray(), rotation: [x, y, z, w] }, held.id);
  }

  #carried(): ReadonlySet<ObjectId> {
    return this.#held === null ? NOTHING : new Set([this.#held.id]);
  }
}

function yawOf([x, y, z, w]: readonly [number, number, number, number]): number {
  return Math.atan2(2 * (w * y + x * z), 1 - 2 * (y * y + x * x));
}
