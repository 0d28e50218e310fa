import { BufferGeometry, Color, Float32BufferAttribute, LineSegments, ShaderMaterial } from 'three';

const HALF_METRES = 60;
const MAJOR_METRES = 10;
// Software renderers drop a line of which an end is behind the camera, so the lines come in pieces.
const PIECE_METRES = 5;

/** Lines of a metre on the ground that fade with distance from what is looked at. */
export class Grid {
  readonly lines: LineSegments<BufferGeometry, ShaderMaterial>;

  constructor() {
    const material = new ShaderMaterial({
      transparent: true,
      depthWrite: false,
      uniforms: { colour: { value: new Color() }, centre: { value: [0, 0] }, reach: { value: 30 } },
      vertexShader: `
        attribute float weight;
        varying float vWeight;
        varying vec2 vGround;
        void main() {
          vWeight = weight;
          vGround = position.xz;
          gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
          // A little deeper, so that a floor at height 0 covers the lines instead of flickering with them.
          gl_Position.z += 0.0004 * gl_Position.w;
        }`,
      fragmentShader: `
        uniform vec3 colour;
        uniform vec2 centre;
        uniform float reach;
        varying float vWeight;
        varying vec2 vGround;
        void main() {
          float fade = 1.0 - smoothstep(reach * 0.25, reach, distance(vGround, centre));
          gl_FragColor = vec4(colour, vWeight * fade);
          #include <colorspace_fragment>
        }`,
    });
    this.lines = new LineSegments(gridGeometry(), material);
    this.lines.frustumCulled = false;
    this.lines.renderOrder = -1;
    this.lines.raycast = () => {};
  }

  look(colour: string, centreX: number, centreZ: number, reach: number): void {
    const { uniforms } = this.lines.material;
    uniforms.colour?.value.set(colour);
    if (uniforms.centre) uniforms.centre.value = [centreX, centreZ];
    if (uniforms.reach) uniforms.reach.value = Math.min(HALF_METRES, reach);
  }

  dispose(): void {
    this.lines.geometry.dispose();
    this.lines.material.dispose();
  }
}

function gridGeometry(): BufferGeometry {
  const points: number[] = [];
  const weights: number[] = [];
  for (let at = -HALF_METRES; at <= HALF_METRES; at += 1) {
    const weight = at === 0 ? 0.9 : at % MAJOR_METRES === 0 ? 0.55 : 0.22;
    for (let from = -HALF_METRES; from < HALF_METRES; from += PIECE_METRES) {
      const to = from + PIECE_METRES;
      points.push(at, 0, from, at, 0, to, from, 0, at, to, 0, at);
      weights.push(weight, weight, weight, weight);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(points, 3));
  geometry.setAttribute('weight', new Float32BufferAttribute(weights, 1));
  return geometry;
}
