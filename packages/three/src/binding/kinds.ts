import { audio } from './audio.ts';
import type { BindingKind } from './binding.ts';
import { image } from './image.ts';
import { light } from './light.ts';
import { mesh } from './mesh.ts';
import { primitive } from './primitive.ts';
import { sky } from './sky.ts';
import { spawn } from './spawn.ts';
import { text } from './text.ts';
import { video } from './video.ts';

/** The components that can be seen. An object may have several of them. */
export const BINDING_KINDS: readonly BindingKind[] = [
  primitive,
  mesh,
  light,
  text,
  image,
  sky,
  audio,
  video,
  spawn,
];
