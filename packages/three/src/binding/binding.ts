import type { ObjectId, SceneObject, Timers } from '@weft/core';
import type { BufferGeometry, Material, Object3D, Texture } from 'three';
import type { Shelf } from '../asset/shelf.ts';
import type { Clip } from '../media/clip.ts';
import type { MediaHost } from '../media/media-host.ts';
import type { Speakers } from '../media/speakers.ts';
import type { Budget } from '../shared/budget.ts';
import type { Pool } from '../shared/pool.ts';
import type { Quota } from '../shared/quota.ts';
import type { SkyStack } from '../shared/sky-stack.ts';
import type { MakeCanvas } from '../shared/text-canvas.ts';

/** What a binding may use; everything in it is counted, so that a leak shows as a number. */
export interface BindingHost {
  readonly geometries: Pool<BufferGeometry>;
  readonly materials: Pool<Material>;
  readonly models: Shelf<Object3D>;
  readonly pictures: Shelf<Texture>;
  /** Of files that are not there. */
  readonly thumbnails: Shelf<Texture>;
  readonly sounds: Shelf<Clip>;
  readonly films: Shelf<Clip>;
  readonly lights: Budget;
  readonly liveSounds: Budget;
  readonly liveFilms: Budget;
  readonly speakers: Speakers;
  /** `null` where nothing can be played. */
  readonly media: MediaHost | null;
  /** Nodes of all models shown, counted for every object that shows one. */
  readonly modelNodes: Quota;
  readonly makeCanvas: MakeCanvas;
  /** Whether things without a shape of their own (lights, spawn points) get a body that can be clicked. */
  readonly markers: boolean;
  /** Where a sky puts its background. */
  readonly backdrop: SkyStack;
  readonly timers: Pick<Timers, 'after'>;
  /** Asks for another frame. */
  redraw(): void;
}

/** One component of one object, as something that three.js draws. */
export interface Binding {
  /** Hangs under the object's own node; its matrix is the object's. */
  readonly part: Object3D;
  update(object: SceneObject): void;
  dispose(): void;
}

export interface BindingKind {
  /** The component whose presence calls for this binding. */
  readonly component: string;
  /** Further components that it reads. */
  readonly reads: readonly string[];
  make(id: ObjectId, host: BindingHost): Binding;
}
