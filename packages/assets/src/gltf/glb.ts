import { Check, Errors } from 'typebox/value';
import { AssetError } from '../asset-error.ts';
import { type Box, measureScene } from './bounds.ts';
import { type Complaint, checkBudget } from './budget.ts';
import { readContainer } from './container.ts';
import { GltfDocument } from './document.ts';

/** What a checked model holds. */
export interface GlbInfo {
  /** Of the default scene at rest, in metres; `null` where it draws nothing or does not say. */
  readonly bounds: Box | null;
  /** Drawn by the default scene. */
  readonly vertices: number;
  readonly nodes: number;
  readonly meshes: number;
  /** Without these a viewer cannot show the model. */
  readonly extensionsRequired: readonly string[];
}

/**
 * Holds a file to binary glTF 2.0 before anything decodes it: container, lengths, counts, references within
 * the file, and no address outside it. Pixels and compressed meshes are not decoded.
 *
 * Cost: linear in the JSON part; the binary part is not read.
 * @throws AssetError `not-a-glb`, `malformed-glb`, `external-uri`, `too-large`
 */
export function checkGlb(bytes: Uint8Array, name = 'the model'): GlbInfo {
  const what = `use ${name}`;
  const { json, bin } = readContainer(bytes, what);
  if (!Check(GltfDocument, json)) throw malformed(what, firstSchemaError(json));
  refuseExternal(json, what);
  const complaint = checkBudget(json, bin.length);
  if (complaint !== null) throw malformed(what, complaint);
  const measured = measureScene(json);
  if ('expected' in measured) throw malformed(what, measured);
  return {
    bounds: measured.box,
    vertices: measured.vertices,
    nodes: json.nodes?.length ?? 0,
    meshes: json.meshes?.length ?? 0,
    extensionsRequired: json.extensionsRequired ?? [],
  };
}

function refuseExternal(document: GltfDocument, what: string): void {
  for (const { uri } of [...(document.buffers ?? []), ...(document.images ?? [])]) {
    if (uri === undefined || /^data:/i.test(uri)) continue;
    throw new AssetError('external-uri', {
      what,
      expected: 'a model that carries everything it needs',
      got: `a reference to ${JSON.stringify(uri)}`,
      hint: 'Export it again with textures and buffers embedded; addresses outside the file are never followed.',
    });
  }
}

function firstSchemaError(json: unknown): Complaint {
  const [first] = Errors(GltfDocument, json);
  return {
    expected: 'glTF 2.0 JSON within bounds',
    got:
      first === undefined ? 'something else' : `${first.instancePath || 'a document that'} ${first.message}`,
  };
}

function malformed(what: string, { expected, got }: Complaint): AssetError {
  return new AssetError('malformed-glb', {
    what,
    expected,
    got,
    hint: 'Check the file with a glTF validator and export it again.',
  });
}
