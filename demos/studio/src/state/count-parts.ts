import { checkGlb, fileKindOf, openModel } from '@weft/assets';

/** Of how many nodes a file is made; 0 for what is no model, or none that can be read: whoever imports it says why. */
export async function countParts(file: File, beside: readonly File[]): Promise<number> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    switch (fileKindOf(bytes)?.type) {
      case 'model/gltf-binary':
        return checkGlb(bytes, file.name).nodes;
      case 'model/gltf+json': {
        const { info } = await openModel(bytes, { name: file.name, files: await filesByName(beside) });
        return info.nodes;
      }
      default:
        return 0;
    }
  } catch {
    return 0;
  }
}

export async function filesByName(files: readonly File[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const read = files.map(async (file) => [file.name, new Uint8Array(await file.arrayBuffer())] as const);
  return new Map(await Promise.all(read));
}
