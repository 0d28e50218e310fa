import { audio } from './audio.ts';
import type { ReadComponent, WriteComponent } from './component.ts';
import { document } from './document.ts';
import { image } from './image.ts';
import { interact } from './interact.ts';
import { light } from './light.ts';
import { link } from './link.ts';
import { material } from './material.ts';
import { mesh } from './mesh.ts';
import { node } from './node.ts';
import { physics } from './physics.ts';
import { portal } from './portal.ts';
import { primitive } from './primitive.ts';
import { seat } from './seat.ts';
import { sky } from './sky.ts';
import { spawn } from './spawn.ts';
import { text } from './text.ts';
import { transform } from './transform.ts';
import { video } from './video.ts';

/** Every built-in component by name. Components of your own carry a vendor prefix (`acme:door`) and need no entry. */
export const COMPONENTS = {
  node,
  transform,
  mesh,
  primitive,
  material,
  light,
  text,
  image,
  video,
  sky,
  audio,
  portal,
  spawn,
  seat,
  interact,
  physics,
  link,
  document,
} as const;

export type ComponentName = keyof typeof COMPONENTS;

/** What a reader sees of each built-in component: defaults filled in. */
export type ComponentMap = {
  readonly [Name in ComponentName]: ReadComponent<(typeof COMPONENTS)[Name]['properties']>;
};

/** What an author may write of each built-in component: any property, `null` to remove one. */
export type ComponentPatchMap = {
  readonly [Name in ComponentName]: WriteComponent<(typeof COMPONENTS)[Name]['properties']>;
};

export type Node = ComponentMap['node'];
export type Transform = ComponentMap['transform'];
export type Mesh = ComponentMap['mesh'];
export type Primitive = ComponentMap['primitive'];
export type Material = ComponentMap['material'];
export type Light = ComponentMap['light'];
export type Text = ComponentMap['text'];
export type Image = ComponentMap['image'];
export type Video = ComponentMap['video'];
export type Sky = ComponentMap['sky'];
export type Audio = ComponentMap['audio'];
export type Portal = ComponentMap['portal'];
export type Spawn = ComponentMap['spawn'];
export type Seat = ComponentMap['seat'];
export type Interact = ComponentMap['interact'];
export type Physics = ComponentMap['physics'];
export type Link = ComponentMap['link'];
export type Document = ComponentMap['document'];

export function isBuiltIn(name: string): name is ComponentName {
  return Object.hasOwn(COMPONENTS, name);
}
