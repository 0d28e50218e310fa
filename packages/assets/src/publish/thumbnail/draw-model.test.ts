import { Document, type Material, type Primitive, WebIO } from '@gltf-transform/core';
import { ALL_EXTENSIONS, EXTMeshGPUInstancing, KHRMaterialsUnlit } from '@gltf-transform/extensions';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { SHAPES } from '../../shape/shapes.ts';
import { drawModel } from './draw-model.ts';
import { DRAW_LIMITS, type DrawLimits } from './limits.ts';
import { nodeImaging } from './node-imaging.ts';

const SIDE = 64;
const RED = [0.8, 0.01, 0.01, 1] as const;
const BLUE = [0.01, 0.02, 0.8, 1] as const;

/** A scene in the making. */
class Scene {
  readonly document = new Document();
  readonly scene = this.document.createScene();
  readonly buffer = this.document.createBuffer();

  constructor() {
    this.document.getRoot().setDefaultScene(this.scene);
  }

  numbers(
    type: 'SCALAR' | 'VEC2' | 'VEC3' | 'VEC4' | 'MAT4',
    array: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>,
  ) {
    return this.document.createAccessor().setType(type).setArray(array).setBuffer(this.buffer);
  }

  triangles(positions: readonly number[], material: Material | null = null): Primitive {
    return this.document
      .createPrimitive()
      .setAttribute('POSITION', this.numbers('VEC3', Float32Array.from(positions)))
      .setMaterial(material);
  }

  shape(name: keyof typeof SHAPES, material: Material | null = null): Primitive {
    const geometry = SHAPES[name]();
    const array = (attribute: string) => Float32Array.from(geometry.getAttribute(attribute).array);
    return this.triangles([...array('position')], material)
      .setAttribute('NORMAL', this.numbers('VEC3', array('normal')))
      .setAttribute('TEXCOORD_0', this.numbers('VEC2', array('uv')))
      .setIndices(this.numbers('SCALAR', Uint16Array.from(geometry.index?.array ?? [])));
  }

  material([red, green, blue, alpha]: readonly [number, number, number, number]): Material {
    return this.document.createMaterial().setBaseColorFactor([red, green, blue, alpha]);
  }

  add(part: Primitive, position: readonly [number, number, number] = [0, 0, 0], size = 1) {
    const node = this.document
      .createNode()
      .setMesh(this.document.createMesh().addPrimitive(part))
      .setTranslation([...position])
      .setScale([size, size, size]);
    this.scene.addChild(node);
    return node;
  }

  glb(): Promise<Uint8Array> {
    return new WebIO().registerExtensions(ALL_EXTENSIONS).writeBinary(this.document);
  }
}

async function draw(scene: Scene | Uint8Array, limits: Partial<DrawLimits> = {}) {
  const glb = scene instanceof Scene ? await scene.glb() : scene;
  const drawn = await drawModel({ glb, decoded: new Map(), side: SIDE }, nodeImaging, {
    ...DRAW_LIMITS,
    ...limits,
  });
  return 'why' in drawn ? drawn.why : new Drawn(await sharp(drawn.png).raw().toBuffer());
}

class Drawn {
  readonly data: Buffer;
  constructor(data: Buffer) {
    this.data = data;
  }

  /** From the upper left, in parts of the side. */
  at(x: number, y: number): readonly [number, number, number, number] {
    const start = (Math.floor(y * SIDE) * SIDE + Math.floor(x * SIDE)) * 4;
    const [red = 0, green = 0, blue = 0, alpha = 0] = this.data.subarray(start, start + 4);
    return [red, green, blue, alpha];
  }

  count(is: (red: number, green: number, blue: number, alpha: number) => boolean): number {
    let count = 0;
    for (let at = 0; at < this.data.length; at += 4) {
      const [red = 0, green = 0, blue = 0, alpha = 0] = this.data.subarray(at, at + 4);
      if (is(red, green, blue, alpha)) count += 1;
    }
    return count;
  }

  /** The first and last column and row that show anything solid. */
  get extent() {
    const columns: number[] = [];
    const rows: number[] = [];
    for (let at = 0; at < SIDE * SIDE; at += 1) {
      if ((this.data[at * 4 + 3] ?? 0) < 200) continue;
      columns.push(at % SIDE);
      rows.push(Math.floor(at / SIDE));
    }
    return [Math.min(...columns), Math.max(...columns), Math.min(...rows), Math.max(...rows)];
  }
}

async function drawn(scene: Scene): Promise<Drawn> {
  const result = await draw(scene);
  if (typeof result === 'string') throw new Error(result);
  return result;
}

const isRed = (red: number, green: number, blue: number, alpha: number) =>
  alpha > 200 && red > 2 * green && red > 2 * blue;
const isBlue = (red: number, green: number, blue: number, alpha: number) =>
  alpha > 200 && blue > 2 * green && blue > 2 * red;
const isSolid = (_: number, __: number, ___: number, alpha: number) => alpha > 200;

/** A box of its own colour, of any size, anywhere. */
function box(size: number, position: readonly [number, number, number] = [0, 0, 0]): Scene {
  const scene = new Scene();
  scene.add(scene.shape('box', scene.material(RED)), position, size);
  return scene;
}

describe('a model drawn small', () => {
  test('[AS74] fills the picture, lit from the upper left, on nothing', async () => {
    const picture = await drawn(box(1));
    const [left = 0, right = 0, top = 0, bottom = 0] = picture.extent;
    expect(Math.max(right - left, bottom - top)).toBeGreaterThan(SIDE * 0.85);
    expect(Math.min(left, SIDE - 1 - right, top, SIDE - 1 - bottom)).toBeGreaterThanOrEqual(0);
    expect(Math.abs(left + right - SIDE + 1)).toBeLessThanOrEqual(3);
    expect(picture.at(0.02, 0.02)[3]).toBe(0);
    // Top, front and right side.
    const [above, front, side] = [picture.at(0.5, 0.2), picture.at(0.35, 0.6), picture.at(0.75, 0.6)];
    expect([above[3], front[3], side[3]]).toEqual([255, 255, 255]);
    expect(above[0]).toBeGreaterThan(front[0]);
    expect(front[0]).toBeGreaterThan(side[0]);
    expect(side[0]).toBeGreaterThan(60);
    expect(picture.count(isRed)).toBeGreaterThan(SIDE * SIDE * 0.4);
  });

  test('[AS74] is the same picture whether it measures a millionth of a metre or 10^9, here or far away', async () => {
    const { data } = await drawn(box(1));
    for (const other of [box(1e-6), box(1e8), box(1, [1e6, 0, -1e6])]) {
      const { data: found } = await drawn(other);
      let differences = 0;
      for (let at = 0; at < data.length; at += 1) {
        if (Math.abs((data[at] ?? 0) - (found[at] ?? 0)) > 24) differences += 1;
      }
      expect(differences).toBeLessThan(data.length / 100);
    }
  });

  test('[AS74] hides what is behind, and leaves out what is turned away unless it has two sides', async () => {
    const scene = new Scene();
    // The camera looks from the front, the right and above.
    scene.add(scene.shape('box', scene.material(BLUE)), [0, 0, -2]);
    scene.add(scene.shape('box', scene.material(RED)), [0.6, 0.6, 0], 2);
    const picture = await drawn(scene);
    expect(picture.count(isRed)).toBeGreaterThan(picture.count(isBlue) * 4);
    const towards = [0, 0, 0, 1, 0, 0, 1, 1, 0];
    const away = [0, 0, 0, 1, 1, 0, 1, 0, 0];
    const both = async (isDoubleSided: boolean) => {
      const pair = new Scene();
      pair.add(pair.triangles(towards, pair.material(RED)));
      pair.add(pair.triangles(away, pair.material(BLUE).setDoubleSided(isDoubleSided)), [0, 1.5, 0]);
      return (await drawn(pair)).count(isBlue);
    };
    expect(await both(false)).toBe(0);
    expect(await both(true)).toBeGreaterThan(50);
    // A mirrored node turns its triangles the other way round, and they are still its front.
    const mirrored = new Scene();
    mirrored.add(mirrored.triangles(towards, mirrored.material(RED))).setScale([-1, 1, 1]);
    mirrored.add(mirrored.triangles(away, mirrored.material(BLUE)), [0, 1.5, 0]).setScale([-1, 1, 1]);
    const mirror = await drawn(mirrored);
    expect([mirror.count(isRed) > 50, mirror.count(isBlue)]).toEqual([true, 0]);
    // All of it turned away: its back is better than nothing.
    const back = new Scene();
    back.add(back.triangles(away, back.material(BLUE)));
    expect((await drawn(back)).count(isBlue)).toBeGreaterThan(50);
  });

  test('[AS74] has the colours of textures, vertices and light of its own; what is cut out or clear lets through what is behind', async () => {
    const halves = await sharp({ create: { width: 8, height: 8, channels: 4, background: '#0000ff' } })
      .composite([
        {
          input: { create: { width: 4, height: 8, channels: 4, background: '#ff0000' } },
          left: 0,
          top: 0,
        },
      ])
      .png()
      .toBuffer();
    const quad = [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0];
    const uv = Float32Array.from([0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0]);
    const textured = new Scene();
    const picture = textured.document
      .createTexture()
      .setImage(Uint8Array.from(halves))
      .setMimeType('image/png');
    const paper = textured.document.createMaterial().setBaseColorTexture(picture);
    textured.add(textured.triangles(quad, paper).setAttribute('TEXCOORD_0', textured.numbers('VEC2', uv)));
    const page = await drawn(textured);
    expect(page.at(0.3, 0.5)[0]).toBeGreaterThan(page.at(0.3, 0.5)[2] * 2);
    expect(page.at(0.7, 0.5)[2]).toBeGreaterThan(page.at(0.7, 0.5)[0] * 2);

    const painted = new Scene();
    const colours = new Float32Array(18).fill(0).map((_, at) => (at % 3 === 2 ? 1 : 0));
    painted.add(painted.triangles(quad).setAttribute('COLOR_0', painted.numbers('VEC3', colours)));
    expect((await drawn(painted)).count(isBlue)).toBeGreaterThan(500);

    const glowing = new Scene();
    const unlit = glowing.document.createExtension(KHRMaterialsUnlit).createUnlit();
    glowing.add(glowing.triangles(quad, glowing.material([0, 0, 0, 1]).setEmissiveFactor([1, 0, 0])));
    glowing.add(
      glowing.triangles(quad, glowing.material(BLUE).setExtension('KHR_materials_unlit', unlit)),
      [0, 1.2, 0],
    );
    const glow = await drawn(glowing);
    expect(glow.count((red, green, _, alpha) => alpha === 255 && red > 240 && green < 60)).toBeGreaterThan(
      200,
    );
    expect(glow.count((red, _, blue, alpha) => alpha === 255 && blue > 220 && red < 40)).toBeGreaterThan(200);

    const layers = async (mode: 'MASK' | 'BLEND', alpha: number) => {
      const scene = new Scene();
      const pane = scene.material([0.8, 0.01, 0.01, alpha]).setAlphaMode(mode);
      scene.add(scene.triangles(quad, pane), [0, 0, 0.1]);
      scene.add(scene.triangles(quad, scene.material(BLUE)));
      return (await drawn(scene)).at(0.5, 0.5);
    };
    const [cut, kept, clear] = [
      await layers('MASK', 0.4),
      await layers('MASK', 0.6),
      await layers('BLEND', 0.5),
    ];
    expect(cut[0]).toBeLessThan(60);
    expect(kept[2]).toBeLessThan(60);
    expect(Math.min(clear[0], clear[2])).toBeGreaterThan(80);
  });

  test('[AS74] shows strips, fans and instances; a skin in the pose that it rests in', async () => {
    const strip = new Scene();
    const corners = [0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0];
    strip.add(strip.triangles(corners, strip.material(RED)).setMode(5));
    const whole = (await drawn(strip)).count(isRed);
    const fan = new Scene();
    fan.add(fan.triangles([0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0], fan.material(RED)).setMode(6));
    expect(Math.abs((await drawn(fan)).count(isRed) - whole)).toBeLessThan(whole / 50);

    const many = new Scene();
    const places = many.numbers('VEC3', Float32Array.from([0, 0, 0, 3, 0, 0]));
    const instanced = many.document
      .createExtension(EXTMeshGPUInstancing)
      .createInstancedMesh()
      .setAttribute('TRANSLATION', places);
    many.add(many.shape('box', many.material(RED))).setExtension('EXT_mesh_gpu_instancing', instanced);
    const row = await drawn(many);
    expect([row.at(0.12, 0.4)[3], row.at(0.5, 0.5)[3], row.at(0.88, 0.6)[3]]).toEqual([255, 0, 255]);

    const skinned = new Scene();
    const part = skinned.triangles([0, 0, 0, 1, 0, 0, 0, 1, 0], skinned.material(RED));
    part.setAttribute('JOINTS_0', skinned.numbers('VEC4', new Uint16Array(12)));
    part.setAttribute(
      'WEIGHTS_0',
      skinned.numbers('VEC4', Float32Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0])),
    );
    // At rest the bone lies the mesh down: seen from above it is a flat triangle, wider than it is high.
    const bone = skinned.document.createNode().setRotation([-Math.SQRT1_2, 0, 0, Math.SQRT1_2]);
    skinned.scene.addChild(bone);
    skinned.add(part, [0, 40, 0], 7).setSkin(skinned.document.createSkin().addJoint(bone));
    const [left = 0, right = 0, top = 0, bottom = 0] = (await drawn(skinned)).extent;
    expect(right - left).toBeGreaterThan((bottom - top) * 1.5);
  });

  test('[AS75] is bounded in triangles, parts, bones and layers', async () => {
    const scene = box(1);
    scene.add(scene.shape('box'), [0, 2, 0]);
    expect(await draw(scene, { triangles: 24, parts: 2 })).toBeInstanceOf(Drawn);
    expect(await draw(scene, { triangles: 23 })).toContain('more than the 23 triangles');
    expect(await draw(scene, { parts: 1 })).toContain('more than the 1 parts');
    const [bone] = scene.scene.listChildren();
    if (bone !== undefined) bone.setSkin(scene.document.createSkin().addJoint(bone));
    expect(await draw(scene, { joints: 1 })).toBeInstanceOf(Drawn);
    expect(await draw(scene, { joints: 0 })).toContain('more than the 0 bones');
    // Each layer goes over half of the samples of the picture.
    const quad = [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0];
    const deep = new Scene();
    deep.add(deep.triangles(Array.from({ length: 40 }, () => quad).flat()));
    expect(await draw(deep, { samples: 40 * 4 * SIDE ** 2 })).toBeInstanceOf(Drawn);
    expect(await draw(deep, { samples: 10 * SIDE ** 2 })).toContain('too many layers');
  });

  test('[AS76] has no thumbnail where there is no surface, and says so', async () => {
    const nothing = 'it has no surface that could be seen.';
    expect(await draw(new Scene())).toBe(nothing);
    const points = new Scene();
    points.add(points.triangles([0, 0, 0, 1, 0, 0, 0, 1, 0]).setMode(0));
    const line = new Scene();
    line.add(line.triangles([0, 0, 0, 1, 1, 1, 2, 2, 2]));
    const spot = new Scene();
    spot.add(spot.triangles([1, 1, 1, 1, 1, 1, 1, 1, 1]));
    const flat = new Scene();
    flat.add(flat.shape('box')).setScale([0, 0, 0]);
    const beyond = new Scene();
    beyond.add(beyond.shape('box')).setScale([1e308, 1e308, 1e308]);
    beyond.scene.listChildren()[0]?.setTranslation([1e308, 1e308, 1e308]);
    for (const scene of [points, line, spot, flat, beyond]) expect(await draw(scene)).toBe(nothing);
  });

  test('[AS76] draws what can be drawn of a model with numbers that are none, indices beyond its vertices and a picture that is none', async () => {
    const scene = new Scene();
    scene.add(scene.triangles([Number.NaN, 0, 0, 1, Infinity, 0, 0, 1, 0], scene.material(BLUE)));
    const beyond = scene.triangles([0, 0, 0, 1, 0, 0, 0, 1, 0], scene.material(BLUE));
    scene.add(beyond.setIndices(scene.numbers('SCALAR', Uint16Array.from([0, 1, 700]))));
    const broken = scene.document.createTexture().setImage(new Uint8Array(20)).setMimeType('image/png');
    const material = scene.material(RED).setBaseColorTexture(broken);
    scene.add(scene.shape('sphere', material), [3, 3, 3]);
    const endless = Float32Array.from({ length: 48 }, (_, at) => [Number.NaN, 1e30, -1e30, 0.5][at % 4] ?? 0);
    const strange = scene.shape('box', scene.material(RED));
    strange.setAttribute('TEXCOORD_0', scene.numbers('VEC2', endless));
    strange.setAttribute('NORMAL', scene.numbers('VEC3', new Float32Array(72).fill(Number.NaN)));
    scene.add(strange, [3, 3, 3]);
    const picture = await drawn(scene);
    expect(picture.count(isBlue)).toBe(0);
    expect(picture.count(isSolid)).toBeGreaterThan(SIDE * SIDE * 0.4);
  });
});
