import { CAMERA_AXES } from './camera.ts';
import { COLOUR_AT, NORMAL_AT, UV_AT } from './corner-reader.ts';
import type { Surface } from './surface.ts';

type Vec3 = readonly [number, number, number];

/** The light, from over the left shoulder of whoever looks. */
const LIGHT = inModel([-0.45, 0.6, 0.66]);
const HALFWAY = inModel([-0.247, 0.33, 0.911]);
const LIGHT_STRENGTH = 0.56;
/** What comes from everywhere, more of it from above: no side is black. */
const [FROM_ABOVE, FROM_BELOW] = [0.4, 0.2];
/** Seen at a slant everything is a little brighter, so that dark models have an outline on a dark page. */
const RIM_STRENGTH = 0.07;
const GLOSS_STRENGTH = 0.25;

const picture = new Float64Array(4);
const glow = new Float64Array(4);

/**
 * The light that comes from a point of a surface, and its alpha.
 * @param at the numbers of a corner, between the three of its triangle
 * @param side 1 for the front of the triangle, -1 for its back
 */
export function shade(at: Float64Array, surface: Surface, side: number, into: Float64Array): void {
  const { colour, picture: texture, glowPicture } = surface;
  if (texture === null) picture.fill(1);
  else texture.sample(at[UV_AT] ?? 0, at[UV_AT + 1] ?? 0, picture);
  if (glowPicture === null) glow.fill(1);
  else glowPicture.sample(at[UV_AT] ?? 0, at[UV_AT + 1] ?? 0, glow);
  into[3] = colour[3] * (picture[3] ?? 1) * (at[COLOUR_AT + 3] ?? 1);
  const { light, shine } = surface.isUnlit ? UNLIT : lightAt(at, side, surface.roughness);
  for (let part = 0; part < 3; part += 1) {
    const own = (colour[part] ?? 1) * (picture[part] ?? 1) * (at[COLOUR_AT + part] ?? 1);
    into[part] = own * light + shine + (surface.glow[part] ?? 0) * (glow[part] ?? 1);
  }
}

const UNLIT = { light: 1, shine: 0 };
const lit = { light: 0, shine: 0 };

function lightAt(at: Float64Array, side: number, roughness: number): typeof lit {
  const [x, y, z] = [at[NORMAL_AT] ?? 0, at[NORMAL_AT + 1] ?? 0, at[NORMAL_AT + 2] ?? 0];
  const length = Math.hypot(x, y, z);
  const by = length > 0 ? side / length : 0;
  const towards = (way: Vec3) => Math.max(0, (x * way[0] + y * way[1] + z * way[2]) * by);
  const upward = (y * by + 1) / 2;
  const slant = 1 - towards(CAMERA_AXES.back);
  const gloss = (1 - roughness) ** 2 * GLOSS_STRENGTH;
  lit.light = FROM_BELOW + (FROM_ABOVE - FROM_BELOW) * upward + LIGHT_STRENGTH * towards(LIGHT);
  lit.shine = RIM_STRENGTH * slant ** 2 + gloss * towards(HALFWAY) ** 40;
  return lit;
}

/** A way of the camera's, as one of the model's. */
function inModel([across, above, towards]: Vec3): Vec3 {
  const { right, up, back } = CAMERA_AXES;
  const length = Math.hypot(across, above, towards);
  const part = (axis: 0 | 1 | 2) => (right[axis] * across + up[axis] * above + back[axis] * towards) / length;
  return [part(0), part(1), part(2)];
}
