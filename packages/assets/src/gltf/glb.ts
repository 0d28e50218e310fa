import { checkModel, type GlbInfo } from './check-model.ts';
import { MAX_GLB_BYTES } from './container.ts';
import { joinParts, partsOf, readDataPart } from './gather-parts.ts';
import { readGlb } from './read-document.ts';

/**
 * Holds a file to binary glTF 2.0 before anything decodes it: container, lengths, counts, references within
 * the file, and no address outside it. Pixels and compressed meshes are not decoded.
 *
 * Cost: linear in the JSON part and in the positions.
 * @throws AssetError `not-a-glb`, `malformed-glb`, `external-uri`, `too-large`
 */
export function checkGlb(bytes: Uint8Array, name = 'the model'): GlbInfo {
  const what = `use ${name}`;
  const file = readGlb(bytes, what);
  const uris = partsOf(file, what, ({ at }) => at === 'data');
  const parts = new Map(
    [...uris.keys()].map((uri) => [uri, readDataPart(uri, MAX_GLB_BYTES, what)] as const),
  );
  return checkModel(joinParts(file, parts), what);
}
