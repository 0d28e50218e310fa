import type { AssetSink, DrawThumbnail, PublishedAsset, PublishOptions } from '@weft/assets';
import { startFileHash } from '@weft/assets/system';
import type { Homeserver } from '@weft/matrix';

export interface PublishFileOptions extends Omit<PublishOptions, 'name'> {
  /** The file's name, as people see it; default that of a `File`, else `file`. */
  readonly name?: string;
  /** Draws thumbnails in place of Weft, which draws pictures and models. */
  readonly drawThumbnail?: DrawThumbnail;
}

const DEFAULT_NAME = 'file';

export async function publish(
  sinks: readonly AssetSink[],
  file: Uint8Array | Blob,
  { drawThumbnail, ...options }: PublishFileOptions,
): Promise<PublishedAsset> {
  // Validator, optimiser and their workers come with the first file that is published.
  const { drawerOf, openWorkshop, publishFile } = await import('@weft/assets/publish');
  const bytes = file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : file;
  const workshop = openWorkshop();
  const ports = {
    sinks,
    workshop,
    sha256: (whole: Uint8Array) => startFileHash().digest(whole),
    drawThumbnail: drawThumbnail ?? drawerOf(workshop),
  };
  return publishFile(ports, bytes, { name: nameOf(file), ...options });
}

/** The media repository of this user's homeserver. */
export function mxcSink(homeserver: Pick<Homeserver, 'upload'>): AssetSink<'mxc'> {
  return { scheme: 'mxc', store: (bytes, options) => homeserver.upload(bytes, options) };
}

function nameOf(file: Uint8Array | Blob): string {
  return 'name' in file && typeof file.name === 'string' && file.name !== '' ? file.name : DEFAULT_NAME;
}
