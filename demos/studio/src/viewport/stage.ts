import { effect } from '@preact/signals';
import { ROOT } from '@weft/core';
import { textureTargetOf, WorldView } from '@weft/three';
import {
  Box3,
  Color,
  DirectionalLight,
  HemisphereLight,
  NeutralToneMapping,
  PerspectiveCamera,
  Plane,
  Raycaster,
  Scene,
  Vector2,
  Vector3,
  WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';
import type { Other } from '../state/others.ts';
import type { Studio, ViewportHandle } from '../state/studio.ts';
import { showArriving } from './arriving.ts';
import { FrameLoop } from './frame-loop.ts';
import { Gizmo } from './gizmo.ts';
import { Grid } from './grid.ts';
import { NameTags } from './name-tags.ts';
import { LOW_WIDTH_PIXELS, type RenderOptions } from './options.ts';
import { deviceCoordinates, followPointer } from './pointer.ts';
import { followTheme, readThemeColours } from './theme-colours.ts';
import { ViewerCamera } from './viewer-camera.ts';
import { Walker } from './walker.ts';

type Vec3 = readonly [number, number, number];

const NEAR_METRES = 0.05;
const FAR_METRES = 2_000;
const FIELD_OF_VIEW_DEGREES = 50;
const DROP_DISTANCE_METRES = 6;
const MAX_PIXEL_RATIO = 2;
const GRID_REACH = 4;
// A world with lights of its own still gets a little from us, or its dark side could not be edited.
const FILL = { alone: 1, besideLights: 0.25 };

/** Everything behind the canvas: renderer, camera, grid, gizmo, and the view of the world. */
export class Stage implements ViewportHandle {
  readonly view: WorldView;
  readonly loop = new FrameLoop(() => this.#draw());
  readonly canvas: HTMLCanvasElement;
  readonly #studio: Studio;
  readonly #options: RenderOptions;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(FIELD_OF_VIEW_DEGREES, 1, NEAR_METRES, FAR_METRES);
  readonly #controls: OrbitControls;
  readonly #viewer: ViewerCamera;
  readonly #gizmo: Gizmo;
  readonly walker: Walker;
  readonly #grid = new Grid();
  readonly #tags: NameTags;
  #shown: readonly string[] = [];
  readonly #fill = {
    sky: new HemisphereLight('#ffffff', '#8d94a0', 1),
    sun: new DirectionalLight('#ffffff', 1),
  };
  readonly #stops: (() => void)[];
  #colours = readThemeColours();
  #seen = false;

  /** @throws Error where the browser gives no WebGL 2 */
  constructor(studio: Studio, canvas: HTMLCanvasElement, options: RenderOptions) {
    this.#studio = studio;
    this.canvas = canvas;
    this.#options = options;
    this.#renderer = new WebGLRenderer({ canvas, antialias: options.quality === 'full' });
    this.#renderer.toneMapping = NeutralToneMapping;
    this.#controls = new OrbitControls(this.#camera, canvas);
    this.#controls.enableDamping = !options.still && options.quality === 'full';
    this.#controls.zoomToCursor = true;
    this.#controls.maxDistance = FAR_METRES / 2;
    this.#viewer = new ViewerCamera(this.#camera, this.#controls, options.still, () => this.loop.ask());
    this.#fill.sun.position.set(4, 8, 5);
    this.#scene.background = new Color(this.#colours.background);
    this.#scene.add(this.#grid.lines, this.#fill.sky, this.#fill.sun);
    this.view = new WorldView(studio.world, {
      scene: this.#scene,
      camera: this.#camera,
      markers: true,
      loadAsset: (ref, options) => studio.world.assets.load(ref, options),
      textureTarget: textureTargetOf((extension) => this.#renderer.extensions.has(extension)),
    });
    this.#gizmo = new Gizmo(studio, this.view, {
      scene: this.#scene,
      camera: this.#camera,
      canvas,
      ask: () => this.loop.ask(),
      orbit: (on) => {
        this.#controls.enabled = on;
      },
    });
    this.#gizmo.paint(this.#colours);
    this.walker = new Walker(studio, this.view, {
      ...{ camera: this.#camera, controls: this.#controls },
      ask: () => this.loop.ask(),
    });
    this.#tags = new NameTags(canvas);
    this.#stops = this.#follow();
    this.view.start();
  }

  dropPoint(): Vec3 {
    return this.#pointUnder(0, 0);
  }

  /** Where something let go at this place of the page would land: on what is there, else on the ground. */
  pointAt(x: number, y: number): Vec3 {
    return this.#pointUnder(...deviceCoordinates(this.canvas, x, y));
  }

  /** Puts the camera somewhere and has it look somewhere. */
  look(from: Vec3, to: Vec3): void {
    this.#viewer.interrupt();
    this.#camera.position.set(...from);
    this.#controls.target.set(...to);
    this.loop.ask();
  }

  frame(ids: readonly Parameters<WorldView['bounds']>[0][]): void {
    const boxes = ids.flatMap((id) => this.view.bounds(id) ?? []);
    const box = boxes.reduce((all, one) => all.union(one), new Box3());
    this.#viewer.frame(boxes.length > 0 ? box : this.#worldBox());
  }

  retryAsset(src: string): void {
    this.view.retryAsset(src);
  }

  redraw(): void {
    this.loop.ask();
  }

  setSound(on: boolean): void {
    if (on) void this.view.startSound();
    else this.view.muteSound();
  }

  showArriving(at: Vec3): () => void {
    return showArriving(this.#scene, at, this.#colours.accent, () => this.loop.ask());
  }

  setMomentarySnap(on: boolean): void {
    this.#gizmo.setMomentarySnap(on);
  }

  walkKey(event: KeyboardEvent, isDown: boolean): boolean {
    if (!isDown) this.walker.keys.up(event);
    const isOne = isDown && this.walker.keys.down(event);
    if (isOne) this.loop.ask();
    return isOne;
  }

  cancelDrag(): boolean {
    return this.#gizmo.cancel();
  }

  resize(width: number, height: number): void {
    if (width === 0 || height === 0) return;
    const low = this.#options.quality === 'low';
    this.#renderer.setPixelRatio(
      low ? LOW_WIDTH_PIXELS / width : Math.min(MAX_PIXEL_RATIO, devicePixelRatio),
    );
    this.#renderer.setSize(width, height, false);
    this.#camera.aspect = width / height;
    this.#camera.updateProjectionMatrix();
    // Only now is it known how much fits into the picture.
    if (!this.#seen) this.#viewer.overview(this.#worldBox());
    this.#seen = true;
    this.loop.ask();
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.loop.stop();
    this.walker.stop();
    this.#gizmo.stop();
    this.#controls.dispose();
    this.view.dispose();
    this.#grid.dispose();
    this.#tags.stop();
    this.#renderer.dispose();
  }

  #follow(): (() => void)[] {
    const { selection, tools } = this.#studio;
    const ask = () => this.loop.ask();
    let isListing = false;
    const listAssets = () => {
      if (isListing) return;
      isListing = true;
      // Once for all the assets of a world that is just being read.
      queueMicrotask(() => {
        isListing = false;
        this.#studio.assets.value = this.view.assets;
      });
    };
    const letGo = (): void => this.walker.keys.clear();
    addEventListener('blur', letGo);
    this.#controls.addEventListener('change', ask);
    this.#controls.addEventListener('start', () => this.#viewer.interrupt());
    return [
      () => removeEventListener('blur', letGo),
      this.view.on('redraw', ask),
      this.view.on('assets', listAssets),
      this.view.on('sound', () => {
        this.#studio.sound.value = this.view.sound;
      }),
      followTheme(() => this.#applyTheme()),
      followPointer({
        canvas: this.canvas,
        view: this.view,
        studio: this.#studio,
        engaged: () => this.#gizmo.engaged,
        goTo: (point) => this.walker.goTo(point),
      }),
      effect(() => this.view.highlight(selection.ids.value, this.#colours.select)),
      effect(() => this.#showOthers(this.#studio.others.list.value)),
      effect(() => {
        this.#grid.lines.visible = tools.grid.value;
        ask();
      }),
    ];
  }

  #showOthers(others: readonly Other[]): void {
    const gone = this.#shown.filter((key) => !others.some((other) => other.key === key));
    for (const key of gone) this.view.highlight([], undefined, key);
    for (const { key, selection, colour } of others) this.view.highlight(selection, colour, key);
    this.#shown = others.map(({ key }) => key);
    this.#tags.show(others);
    this.loop.ask();
  }

  #fillIn(): void {
    const { lights, skies } = this.view.resources;
    const share = lights + skies > 0 ? FILL.besideLights : FILL.alone;
    this.#fill.sky.intensity = 1.6 * share;
    this.#fill.sun.intensity = 2.2 * share;
  }

  #applyTheme(): void {
    const skyHasIt = !(this.#scene.background instanceof Color);
    this.#colours = readThemeColours();
    if (!skyHasIt) this.#scene.background = new Color(this.#colours.background);
    this.view.highlight(this.#studio.selection.ids.value, this.#colours.select);
    this.#gizmo.paint(this.#colours);
  }

  // Lamps high above would push everything that they shine on into the distance.
  #worldBox(): Box3 {
    const { world } = this.#studio;
    return world
      .children(ROOT)
      .filter((id) => world.get(id)?.light === undefined)
      .flatMap((id) => this.view.bounds(id) ?? [])
      .reduce((all, one) => all.union(one), new Box3());
  }

  #pointUnder(x: number, y: number): Vec3 {
    const hit = this.view.hit(x, y);
    if (hit !== null) return tidy(hit.point);
    const raycaster = new Raycaster();
    raycaster.setFromCamera(new Vector2(x, y), this.#camera);
    const ground = raycaster.ray.intersectPlane(new Plane(new Vector3(0, 1, 0), 0), new Vector3());
    const far = this.#controls.getDistance() * GRID_REACH;
    if (ground !== null && ground.distanceTo(this.#camera.position) < far) return tidy(ground);
    return tidy(raycaster.ray.at(DROP_DISTANCE_METRES, new Vector3()));
  }

  #draw(): void {
    this.#viewer.step(performance.now());
    this.walker.step(performance.now());
    this.#controls.update();
    this.view.update();
    this.#gizmo.follow();
    this.#fillIn();
    const { x, z } = this.#controls.target;
    this.#grid.look(this.#colours.grid, x, z, this.#controls.getDistance() * GRID_REACH);
    this.#renderer.render(this.#scene, this.#camera);
    this.#tags.place(this.#camera, (id) => this.view.bounds(id));
  }
}

// A dropped thing stands at whole centimetres: nobody means the digits after.
function tidy({ x, y, z }: Vector3): Vec3 {
  return [centimetres(x), centimetres(y), centimetres(z)];
}

function centimetres(metres: number): number {
  return Math.round(metres * 100) / 100 + 0;
}
