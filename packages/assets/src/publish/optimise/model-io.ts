import type { WebIO } from '@gltf-transform/core';

/**
 * The reader and writer of gltf-transform, with every extension that it knows and meshopt's codec. Loads a megabyte with the
 * first call. It follows no address: what it reads has been through `checkGlb`, and carries all that it needs.
 */
export async function modelIo(): Promise<WebIO> {
  const [{ Logger, WebIO }, { ALL_EXTENSIONS }, { MeshoptDecoder, MeshoptEncoder }] = await Promise.all([
    import('@gltf-transform/core'),
    import('@gltf-transform/extensions'),
    import('meshoptimizer'),
  ]);
  await Promise.all([MeshoptDecoder.ready, MeshoptEncoder.ready]);
  return new WebIO()
    .setLogger(new Logger(Logger.Verbosity.SILENT))
    .registerExtensions(ALL_EXTENSIONS)
    .registerDependencies({ 'meshopt.decoder': MeshoptDecoder, 'meshopt.encoder': MeshoptEncoder });
}

let known: Promise<ReadonlySet<string>> | null = null;

/** The extensions that survive being read and written again. Draco is none: nothing here decodes it. */
export function keptExtensions(): Promise<ReadonlySet<string>> {
  known ??= import('@gltf-transform/extensions').then(
    ({ ALL_EXTENSIONS }) =>
      new Set(
        ALL_EXTENSIONS.map(({ EXTENSION_NAME }) => EXTENSION_NAME).filter(
          (name) => name !== 'KHR_draco_mesh_compression',
        ),
      ),
  );
  return known;
}
