import type { Animation, Document, Extension, Mesh, Node, Property } from '@gltf-transform/core';
import { modelIo } from '../publish/optimise/model-io.ts';

/** Extensions that say how all is written, and that nothing in the document points to. */
const FORMATS: Readonly<Record<string, (part: Document) => boolean>> = {
  KHR_mesh_quantization: () => true,
  EXT_texture_webp: (part) => hasTexture(part, 'image/webp'),
  EXT_texture_avif: (part) => hasTexture(part, 'image/avif'),
  KHR_texture_basisu: (part) => hasTexture(part, 'image/ktx2'),
};

/** One mesh of a model as a model of its own, at the origin. */
export async function meshAlone(source: Document, mesh: Mesh): Promise<Uint8Array<ArrayBuffer>> {
  const { Mesh } = await import('@gltf-transform/core');
  return write(source, [mesh], (part, copies) => {
    const copy = copies.get(mesh);
    return copy instanceof Mesh ? [part.createNode(mesh.getName()).setMesh(copy)] : [];
  });
}

/** Nodes with all that hangs from them, and the animations of that. */
export async function subtreesAlone(
  source: Document,
  tops: readonly Node[],
  options: { readonly atOrigin: boolean },
): Promise<Uint8Array<ArrayBuffer>> {
  const { Node } = await import('@gltf-transform/core');
  const inside = new Set<Node | null>();
  for (const top of tops) top.traverse((below) => void inside.add(below));
  const moves = (animation: Animation) =>
    animation.listChannels().some((channel) => inside.has(channel.getTargetNode()));
  const animations = source.getRoot().listAnimations().filter(moves);
  return write(source, [...tops, ...animations], (_, copies) =>
    tops
      .map((top) => copies.get(top))
      .filter((copy) => copy instanceof Node)
      .map((copy) =>
        options.atOrigin
          ? copy.setTranslation([0, 0, 0]).setRotation([0, 0, 0, 1]).setScale([1, 1, 1])
          : copy,
      ),
  );
}

async function write(
  source: Document,
  wanted: Property[],
  topsOf: (part: Document, copies: ReadonlyMap<Property, Property>) => readonly Node[],
): Promise<Uint8Array<ArrayBuffer>> {
  const [{ Document, ExtensionProperty }, { ALL_EXTENSIONS }, { copyToDocument, unpartition }] =
    await Promise.all([
      import('@gltf-transform/core'),
      import('@gltf-transform/extensions'),
      import('@gltf-transform/functions'),
    ]);
  const part = new Document().setLogger(source.getLogger());
  for (const used of source.getRoot().listExtensionsUsed()) {
    const known = ALL_EXTENSIONS.find(({ EXTENSION_NAME }) => EXTENSION_NAME === used.extensionName);
    if (known !== undefined && isNamed(known)) part.createExtension(known).setRequired(used.isRequired());
  }
  const tops = topsOf(part, copyToDocument(part, source, wanted));
  const scene = part.createScene();
  for (const top of tops) scene.addChild(top);
  part.getRoot().setDefaultScene(scene);
  const attached = new Set<string>();
  for (const edge of part.getGraph().listEdges()) {
    const child = edge.getChild();
    if (child instanceof ExtensionProperty) attached.add(child.extensionName);
  }
  for (const extension of part.getRoot().listExtensionsUsed()) {
    const { extensionName } = extension;
    if (!attached.has(extensionName) && FORMATS[extensionName]?.(part) !== true) extension.dispose();
  }
  await part.transform(unpartition());
  return Uint8Array.from(await (await modelIo()).writeBinary(part));
}

/** The base class alone has no name, and makes nothing. */
function isNamed(type: typeof Extension): type is typeof Extension & (new (document: Document) => Extension) {
  return type.EXTENSION_NAME !== undefined;
}

function hasTexture(part: Document, type: string): boolean {
  return part
    .getRoot()
    .listTextures()
    .some((texture) => texture.getMimeType() === type);
}
