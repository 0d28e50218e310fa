import type { Decoder, TextureTarget } from '@weft/assets/decode';
import { type ChangeSet, type ObjectId, ROOT, type SceneObject, type Timers } from '@weft/core';
import {
  Box3,
  type BufferGeometry,
  type Camera,
  Group,
  type Material,
  type Object3D,
  Raycaster,
  type Scene,
  Vector2,
  Vector3,
} from 'three';
import { Library } from './asset/library.ts';
import type { AssetStatus } from './asset/shelf.ts';
import { AvatarsView } from './avatar/avatars-view.ts';
import { MAX_LIVE_SOUNDS } from './binding/audio.ts';
import type { BindingHost } from './binding/binding.ts';
import { MAX_LIVE_LIGHTS } from './binding/light.ts';
import { MAX_LIVE_FILMS } from './binding/video.ts';
import { Highlights } from './highlights.ts';
import { type MediaHost, pageMedia, pageTimers } from './media/media-host.ts';
import { type SoundState, Speakers } from './media/speakers.ts';
import { ObjectNode } from './object-node.ts';
import { Budget } from './shared/budget.ts';
import { Pool } from './shared/pool.ts';
import { Quota } from './shared/quota.ts';
import { SkyStack } from './shared/sky-stack.ts';
import { type MakeCanvas, pageCanvas } from './shared/text-canvas.ts';
import type { LoadAsset, MotionSource, ViewSource } from './source.ts';
import { firstInTree } from './tree-order.ts';
import type { ViewResources } from './view-resources.ts';

/** Nodes of all models shown together; what comes later stays a box. */
export const MAX_MODEL_NODES = 100_000;

const NOTHING: ReadonlySet<ObjectId> = new Set();

export interface WorldViewOptions {
  /** Where the world's root is hung. */
  readonly scene: Scene;
  /** The camera that {@link WorldView.pick} looks through. */
  readonly camera: Camera;
  readonly loadAsset: LoadAsset;
  /** When what failed for a passing reason is tried again; the page's by default. */
  readonly timers?: Pick<Timers, 'after'>;
  /** Gives lights and spawn points a body that can be seen and clicked; off by default. */
  readonly markers?: boolean;
  /** What compressed textures become: `textureTargetOf` says what the renderer has. Default: plain pixels, which every GPU takes. */
  readonly textureTarget?: TextureTarget;
  /** Gives the decoder of compressed models, with the first of them; default: one of this view. */
  readonly decoder?: () => Promise<Decoder>;
  /** What plays sounds and films; the page’s by default, `null` for none. */
  readonly media?: MediaHost | null;
  /** Makes canvases for text; the page's by default, none in Node. */
  readonly makeCanvas?: MakeCanvas;
}

/** What a ray met. */
export interface Hit {
  readonly id: ObjectId;
  /** In world coordinates, metres. */
  readonly point: Vector3;
}

type ViewEvent = 'redraw' | 'assets' | 'sound';

/**
 * A world as three.js objects. It follows the world's changes object by object, shows a box where a model
 * is loading or failed, shares geometries and materials, and frees what nothing uses any more. It draws
 * nothing itself: render the scene whenever it says `redraw`.
 */
export class WorldView {
  readonly #world: ViewSource;
  readonly #camera: Camera;
  readonly #root = new Group();
  readonly #scene: Scene;
  readonly #nodes = new Map<ObjectId, ObjectNode>();
  readonly #owners = new WeakMap<Object3D, ObjectId>();
  readonly #highlights = new Highlights();
  readonly #raycaster = new Raycaster();
  readonly #eye = new Vector3();
  readonly #geometries = new Pool<BufferGeometry>();
  readonly #materials = new Pool<Material>();
  readonly #lights = new Budget(MAX_LIVE_LIGHTS);
  readonly #modelNodes = new Quota(MAX_MODEL_NODES);
  readonly #avatars: AvatarsView;
  readonly #library: Library;
  readonly #liveSounds = new Budget(MAX_LIVE_SOUNDS);
  readonly #liveFilms = new Budget(MAX_LIVE_FILMS);
  readonly #speakers: Speakers;
  readonly #host: BindingHost;
  readonly #listeners = {
    redraw: new Set<() => void>(),
    assets: new Set<() => void>(),
    sound: new Set<() => void>(),
  };
  #unfollow: (() => void) | null = null;
  /** What was carried in the last frame. */
  #carried: ReadonlySet<ObjectId> = new Set();

  constructor(world: ViewSource, options: WorldViewOptions) {
    this.#world = world;
    this.#camera = options.camera;
    this.#scene = options.scene;
    const media = options.media === undefined ? pageMedia() : options.media;
    const { loadAsset, decoder, textureTarget = 'rgba', timers = pageTimers } = options;
    const onChange = () => this.#emit('assets');
    this.#library = new Library({ loadAsset, decoder, textureTarget, timers, media, onChange });
    this.#speakers = new Speakers(media, () => this.#emit('sound'));
    this.#host = {
      models: this.#library.models,
      pictures: this.#library.pictures,
      thumbnails: this.#library.thumbnails,
      timers,
      sounds: this.#library.sounds,
      films: this.#library.films,
      liveSounds: this.#liveSounds,
      liveFilms: this.#liveFilms,
      speakers: this.#speakers,
      media,
      geometries: this.#geometries,
      materials: this.#materials,
      lights: this.#lights,
      modelNodes: this.#modelNodes,
      makeCanvas: options.makeCanvas ?? pageCanvas,
      markers: options.markers ?? false,
      backdrop: new SkyStack(options.scene, (ids) => firstInTree(world, ids)),
      redraw: () => this.#emit('redraw'),
    };
    const { makeCanvas, redraw, modelNodes } = this.#host;
    const { scene, camera } = options;
    this.#avatars = new AvatarsView({
      ...{ scene, camera, makeCanvas, redraw, modelNodes },
      models: this.#library.worn,
    });
  }

  /** Shows the world as it is and follows it until {@link dispose}. @returns itself */
  start(): this {
    if (this.#unfollow !== null) return this;
    this.#scene.add(this.#root);
    const stops = [
      this.#world.on('change', (changes) => this.#apply(changes)),
      this.#world.motion?.avatars.subscribe(() => this.#emit('redraw')),
    ];
    this.#unfollow = () => {
      for (const stop of stops) stop?.();
    };
    this.#add([...this.#world.objects()]);
    this.#emit('redraw');
    return this;
  }

  /** Takes everything out of the scene and frees it. The view cannot be started again. */
  dispose(): void {
    this.#unfollow?.();
    for (const id of [...this.#nodes.keys()]) this.#remove(id);
    this.#highlights.dispose();
    this.#avatars.dispose();
    this.#speakers.dispose();
    this.#root.removeFromParent();
    this.#library.dispose();
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
  }

  /**
   * `redraw`: something looks different; `assets`: the list of {@link assets} changed; `sound`: {@link sound} may have.
   *
   * @returns stops listening
   */
  on(event: ViewEvent, listener: () => void): () => void {
    this.#listeners[event].add(listener);
    return () => this.#listeners[event].delete(listener);
  }

  /**
   * Brings people, what they carry, matrices and highlights up to date; call it before each render. So long as anybody is there or
   * anything is carried it asks for another frame. Costs microseconds for each of them.
   */
  update(): void {
    if (this.#unfollow !== null && this.#world.motion !== undefined) this.#move(this.#world.motion);
    this.#root.updateMatrixWorld();
    this.#highlights.fit((id) => this.#nodes.get(id));
    this.#speakers.update(this.#camera);
  }

  /** Every model, picture, sound and film that the world names, with how far it has come. */
  get assets(): readonly AssetStatus[] {
    return this.#library.statuses;
  }

  /** Loads again what failed under this source. */
  retryAsset(src: string): void {
    this.#library.retry(src);
  }

  /** Whether the world is heard. Browsers let it begin with a click or a key; `sound` tells of changes. */
  get sound(): SoundState {
    return this.#speakers.state;
  }

  /** Lets the world be heard: at once from within a click, else with the next one. */
  async startSound(): Promise<void> {
    await this.#speakers.start();
  }

  muteSound(): void {
    this.#speakers.mute();
  }

  get resources(): ViewResources {
    return {
      objects: this.#nodes.size,
      geometries: this.#geometries.size,
      materials: this.#materials.size,
      models: this.#library.models.size,
      pictures: this.#library.pictures.size,
      thumbnails: this.#library.thumbnails.size,
      sounds: this.#library.sounds.size,
      films: this.#library.films.size,
      voices: this.#speakers.size,
      modelNodes: this.#modelNodes.used,
      lights: this.#lights.size,
      skies: this.#host.backdrop.size,
      avatars: this.#avatars.size,
    };
  }

  /** The node that carries the object's transform; for reading and, while held, for moving. */
  nodeOf(id: ObjectId): Object3D | undefined {
    return this.#nodes.get(id)?.holder;
  }

  /** @param x,y normalised device coordinates: -1..1, right and up */
  pick(x: number, y: number): ObjectId | null {
    return this.hit(x, y)?.id ?? null;
  }

  /** The nearest thing under a point of the view. @param x,y normalised device coordinates: -1..1, right and up */
  hit(x: number, y: number): Hit | null {
    this.#root.updateMatrixWorld();
    this.#camera.updateMatrixWorld();
    this.#raycaster.setFromCamera(new Vector2(x, y), this.#camera);
    for (const { object, point } of this.#raycaster.intersectObject(this.#root, true)) {
      const id = this.#ownerOf(object);
      if (id !== null) return { id, point };
    }
    return null;
  }

  /**
   * The nearest thing in a direction, for whoever walks: a floor, a wall.
   *
   * @param direction of length 1
   * @param far how far to look, in metres
   * @param except what is looked through, with all below it
   */
  cast(from: Vector3, direction: Vector3, far: number, except: ReadonlySet<ObjectId> = NOTHING): Hit | null {
    this.#root.updateMatrixWorld();
    this.#raycaster.set(from, direction);
    this.#raycaster.far = far;
    const hits = this.#raycaster.intersectObject(this.#root, true);
    this.#raycaster.far = Number.POSITIVE_INFINITY;
    for (const { object, point } of hits) {
      const id = this.#ownerOf(object);
      if (id !== null && !this.#isBelow(object, except)) return { id, point };
    }
    return null;
  }

  /** Whether this client's own avatar is shown, as others see it. Default: it is not. */
  showOwnAvatar(isShown: boolean): void {
    if (this.#avatars.showsOwn === isShown) return;
    this.#avatars.showsOwn = isShown;
    this.#emit('redraw');
  }

  /** The box round an object and all below it, in world coordinates; a point where nothing is drawn. */
  bounds(id: ObjectId): Box3 | null {
    const node = this.#nodes.get(id);
    if (node === undefined) return null;
    this.#root.updateMatrixWorld();
    const box = new Box3().setFromObject(node.holder);
    return box.isEmpty() ? box.expandByPoint(node.holder.getWorldPosition(box.min.clone())) : box;
  }

  /**
   * Draws a frame round each of these and, in this layer, round nothing else.
   *
   * @param colour CSS colour
   * @param layer whose selection it is: each has frames of its own. Default: the one without a name
   */
  highlight(ids: Iterable<ObjectId>, colour?: string, layer?: string): void {
    this.#highlights.set(ids, colour, layer);
    this.#emit('redraw');
  }

  /**
   * Lets the caller move the object's node freely, for a preview; the world's transform waits meanwhile.
   *
   * @returns ends it: the object jumps to where the world has it
   */
  hold(id: ObjectId): () => void {
    const node = this.#nodes.get(id);
    node?.hold();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      node?.unhold(this.#world.get(id));
      this.#emit('redraw');
    };
  }

  #move(motion: MotionSource): void {
    const isPeopled = this.#avatars.update(motion.avatars.value);
    const { x, y, z } = this.#camera.getWorldPosition(this.#eye);
    motion.look?.([x, y, z]);
    const carried = new Set<ObjectId>();
    for (const id of motion.moving()) {
      const [place, node] = [motion.transformAt(id), this.#nodes.get(id)];
      if (place === null || node === undefined) continue;
      node.carry(place);
      carried.add(id);
    }
    const putDown = [...this.#carried].filter((id) => !carried.has(id));
    for (const id of putDown) this.#nodes.get(id)?.putDown(this.#world.get(id));
    this.#carried = carried;
    if (isPeopled || carried.size > 0 || putDown.length > 0) this.#emit('redraw');
  }

  #apply({ added, removed, changed }: ChangeSet): void {
    for (const id of removed) this.#remove(id);
    this.#add(added.flatMap((id) => this.#world.get(id) ?? []));
    for (const [id, paths] of changed) {
      const object = this.#world.get(id);
      const node = this.#nodes.get(id);
      if (object === undefined || node === undefined) continue;
      node.update(object, paths);
      this.#attach(node, object);
    }
    this.#host.backdrop.choose();
    this.#emit('redraw');
  }

  // Children may come before their parents, so all nodes exist before any is hung.
  #add(objects: readonly SceneObject[]): void {
    const fresh = objects.filter(({ id }) => !this.#nodes.has(id));
    for (const { id } of fresh) {
      const node = new ObjectNode(id, this.#host);
      this.#nodes.set(id, node);
      this.#owners.set(node.holder, id);
    }
    for (const object of fresh) {
      const node = this.#nodes.get(object.id);
      if (node === undefined) continue;
      node.update(object, null);
      this.#attach(node, object);
    }
  }

  #attach(node: ObjectNode, object: SceneObject): void {
    const parent =
      object.parent === ROOT ? this.#root : (this.#nodes.get(object.parent)?.holder ?? this.#root);
    if (node.holder.parent !== parent) parent.add(node.holder);
  }

  #remove(id: ObjectId): void {
    this.#highlights.drop(id);
    this.#nodes.get(id)?.dispose();
    this.#nodes.delete(id);
  }

  #isBelow(object: Object3D, ids: ReadonlySet<ObjectId>): boolean {
    if (ids.size === 0) return false;
    for (let node: Object3D | null = object; node !== null; node = node.parent) {
      const id = this.#owners.get(node);
      if (id !== undefined && ids.has(id)) return true;
    }
    return false;
  }

  #ownerOf(hit: Object3D): ObjectId | null {
    let owner: ObjectId | null = null;
    for (let node: Object3D | null = hit; node !== null; node = node.parent) {
      if (!node.visible) return null;
      owner ??= this.#owners.get(node) ?? null;
    }
    return owner;
  }

  #emit(event: ViewEvent): void {
    for (const listener of [...this.#listeners[event]]) listener();
  }
}
