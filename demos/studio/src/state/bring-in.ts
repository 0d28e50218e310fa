import { type FileUse, fileKindOf, openModel, type PublishedAsset, packModel } from '@weft/assets';
import type { ComponentPatchMap, ObjectId } from '@weft/core';
import type { Publishing } from './publishing.ts';
import type { StudioWorld } from './studio-world.ts';

type Vec3 = readonly [number, number, number];

/** Larger textures cost more than they show at arm's length. */
const MAX_TEXTURE_SIDE = 4_096;
/** How high above what it is put on the middle of each kind hangs, in metres. */
const RISE: Readonly<Record<FileUse, number>> = { model: 0, picture: 0.8, sound: 0.3, video: 0.8 };

/**
 * Puts a file into the world as one object, one undo step: a model, a picture, a sound or a film, as its bytes say.
 *
 * @param beside files that came together with it: a `.gltf` file takes from them what it points to
 * @throws AssetError in words for whoever chose them
 * @returns what was added
 */
export async function bringIn(
  world: StudioWorld,
  file: File,
  at: Vec3,
  beside: readonly File[],
  { onPublished, ...following }: Publishing,
): Promise<ObjectId> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const name = nameOf(file);
  const kind = fileKindOf(bytes);
  // What is of no known kind goes there too: whoever imports models says best what is wrong with it.
  const use = kind?.use ?? 'model';
  const position: Vec3 = [at[0], at[1] + RISE[use], at[2]];
  if (use === 'model') {
    const whole = kind?.type === 'model/gltf+json' ? await packed(bytes, name, beside) : bytes;
    const edit = await world.importGlb(whole, {
      ...{ name, position: [...position], onPublished },
      ...following,
      optimise: { maxTextureSide: MAX_TEXTURE_SIDE },
    });
    edit.durable.catch(() => {});
    return edit.value;
  }
  const published = await world.publish(bytes, { name: file.name, ...following });
  onPublished(published);
  const edit = world.edit(`add ${name}`, (e) =>
    e.add({ node: { name }, transform: { position }, ...componentOf(use, published) }),
  );
  edit.durable.catch(() => {});
  return edit.value;
}

function componentOf(use: Exclude<FileUse, 'model'>, published: PublishedAsset): Partial<ComponentPatchMap> {
  const { src, sha256, bytes, alt } = published;
  const file = { src, sha256, bytes, ...(alt.length === 0 ? {} : { alt: [...alt] }) };
  switch (use) {
    case 'picture':
      return { image: file };
    case 'sound':
      return { audio: file };
    case 'video':
      return { video: file };
  }
}

async function packed(bytes: Uint8Array, name: string, beside: readonly File[]): Promise<Uint8Array> {
  const files = await Promise.all(
    beside.map(async (file) => [file.name, new Uint8Array(await file.arrayBuffer())] as const),
  );
  const { model } = await openModel(bytes, { name, files: new Map(files) });
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
