import {
  BufferAttribute,
  type BufferGeometry,
  CircleGeometry,
  LatheGeometry,
  SphereGeometry,
  Vector2,
} from 'three';
import { mergeGeometries } from 'three/examples/jsm/utils/BufferGeometryUtils.js';

/** How high a body without a model is, from the floor to the neck, in metres. */
export const BODY_METRES = 1.46;
/** Half width and height of a body from the floor up: a coat, a waist and shoulders. */
const OUTLINE = [
  [0, 0],
  [0.24, 0],
  [0.255, 0.05],
  [0.21, 0.4],
  [0.165, 0.8],
  [0.2, 1.12],
  [0.195, 1.22],
  [0.15, 1.31],
  [0.07, 1.37],
  [0.06, BODY_METRES],
  [0, BODY_METRES],
] as const;
const HEAD_RADIUS = 0.16;
const VISOR = { radius: 0.166, width: 1.9, top: 0.36 * Math.PI, height: 0.22 * Math.PI } as const;
const DARK = [0.03, 0.035, 0.045] as const;
const SHADOW = { radius: 0.42, alpha: 0.42 } as const;

/** What somebody without a model is made of; colours of vertices are multiplied by that of the user. */
export const CROWD_SHAPES = {
  body: () =>
    tinted(
      new LatheGeometry(
        OUTLINE.map(([x, y]) => new Vector2(x, y)),
        18,
      ),
    ),
  head,
  left: () => tinted(new SphereGeometry(0.07, 10, 8)),
  right: () => tinted(new SphereGeometry(0.07, 10, 8)),
} as const;

/** A soft dark spot on the floor: it shows where somebody stands, without the price of real shadows. */
export function shadowShape(): BufferGeometry {
  const shape = new CircleGeometry(SHADOW.radius, 24).rotateX(-Math.PI / 2);
  const count = shape.getAttribute('position').count;
  const colours = new Float32Array(count * 4);
  colours[3] = SHADOW.alpha;
  return shape.setAttribute('color', new BufferAttribute(colours, 4));
}

/** A head with a visor, so that it is seen where somebody looks: along -z. */
function head(): BufferGeometry {
  const { radius, width, top, height } = VISOR;
  const visor = new SphereGeometry(radius, 14, 6, 1.5 * Math.PI - width / 2, width, top, height);
  const parts = [tinted(new SphereGeometry(HEAD_RADIUS, 20, 14)), tinted(visor, DARK)];
  const merged = mergeGeometries(parts);
  for (const part of parts) part.dispose();
  return merged;
}

function tinted(
  shape: BufferGeometry,
  [red, green, blue]: readonly [number, number, number] = [1, 1, 1],
): BufferGeometry {
  const count = shape.getAttribute('position').count;
  const colours = Float32Array.from({ length: count * 3 }, (_, at) => [red, green, blue][at % 3] ?? 1);
  return shape.setAttribute('color', new BufferAttribute(colours, 3));
}
