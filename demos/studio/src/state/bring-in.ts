import {
  type FileUse,
  fileKindOf,
  fileOf,
  imageOf,
  openModel,
  type PublishedAsset,
  packModel,
} from '@weft/assets';
import type { ComponentPatchMap, ObjectId } from '@weft/core';
import { filesByName } from './count-parts.ts';
import { countText, type Publishing, sizeText } from './publishing.ts';
import type { StudioWorld } from './studio-world.ts';

type Vec3 = readonly [number, number, number];

/** What a model of several parts becomes: one object, or each part one. */
export type ModelShape = 'one' | 'parts';

/** Larger textures cost more than they show at arm's length. */
const MAX_TEXTURE_SIDE = 4_096;
/** How high above what it is put on the middle of each kind hangs, in metres. */
const RISE: Readonly<Record<FileUse, number>> = { model: 0, picture: 0.8, sound: 0.3, video: 0.8 };

/**
 * Puts a file into the world, one undo step: a model, a picture, a sound or a film, as its bytes say.
 *
 * @param as what becomes of a model
 * @param beside files that came together with it: a `.gltf` file takes from them what it points to
 * @throws AssetError in words for whoever chose them
 * @returns what was added
 */
export async function bringIn(
  world: StudioWorld,
  file: File,
  at: Vec3,
  beside: readonly File[],
  as: ModelShape,
  { onPublished, onAdded, say, ...following }: Publishing,
): Promise<ObjectId> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const name = nameOf(file);
  const kind = fileKindOf(bytes);
  // What is of no known kind goes there too: whoever imports models says best what is wrong with it.
  const use = kind?.use ?? 'model';
  const position: Vec3 = [at[0], at[1] + RISE[use], at[2]];
  if (use === 'model') {
    const whole = kind?.type === 'model/gltf+json' ? await packed(bytes, name, beside) : bytes;
    if (as === 'parts') {
      const told = { say, onAdded, signal: following.signal };
      return bringInParts(world, whole, { name, position }, told);
    }
    const edit = await world.importGlb(whole, {
      ...{ name, position: [...position], onPublished },
      ...following,
      optimise: { maxTextureSide: MAX_TEXTURE_SIDE },
    });
    edit.durable.catch(() => {});
    return edit.value;
  }
  const thumbnail = use === 'picture';
  const published = await world.publish(bytes, { name: file.name, thumbnail, ...following });
  onPublished(published);
  const edit = world.edit(`add ${name}`, (e) =>
    e.add({ node: { name }, transform: { position }, ...componentOf(use, published) }),
  );
  edit.durable.catch(() => {});
  return edit.value;
}

/** Each of its nodes an object, all of them in one group; its files are stored before anything is added. */
async function bringInParts(
  world: StudioWorld,
  glb: Uint8Array,
  place: { readonly name: string; readonly position: Vec3 },
  { say, onAdded, signal }: Pick<Publishing, 'say' | 'onAdded' | 'signal'>,
): Promise<ObjectId> {
  say('taking it apart');
  const exploded = await world.models.explode(glb, {
    ...place,
    signal,
    onProgress: (done, total) => say(`taking it apart, ${done} of ${total} files`, done / total),
  });
  const { objects, files, bytes, notes } = exploded;
  say(`uploading ${sizeText(bytes)}`);
  const edit = await exploded.commit({
    signal,
    onProgress: (done, total) => say(`uploading, ${done} of ${total} files`, done / total),
  });
  edit.durable.catch(() => {});
  onAdded({
    as: `${countText(objects, 'object')}, ${countText(files, 'file')} of ${sizeText(bytes)}`,
    notes,
  });
  const [group] = edit.value;
  if (group === undefined) throw new Error(`Cannot add ${place.name}: it holds no object.`);
  return group;
}

function componentOf(use: Exclude<FileUse, 'model'>, published: PublishedAsset): Partial<ComponentPatchMap> {
  switch (use) {
    case 'picture':
      return { image: imageOf(published) };
    case 'sound':
      return { audio: fileOf(published) };
    case 'video':
      return { video: fileOf(published) };
  }
}

async function packed(bytes: Uint8Array, name: string, beside: readonly File[]): Promise<Uint8Array> {
  const { model } = await openModel(bytes, { name, files: await filesByName(beside) });
  return packModel(model);
}

function nameOf({ name }: File): string {
  return name.replace(/\.[A-Za-z0-9]{2,5}$/, '') || 'File';
}

/** Those that become objects: where a `.gltf` file is among them, the others are its parts. */
export function mainFiles(files: readonly File[]): readonly File[] {
  const models = files.filter(({ name }) => /\.gltf$/i.test(name));
  return models.length > 0 ? models : files;
}
