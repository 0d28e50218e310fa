import {
  type BlobPointer,
  type BlobSource,
  encodeBlob,
  isBlobSource,
  type Patch,
  readBlob,
  WeftError,
} from '@weft/core';
import { BLOB_NAME, BLOB_TYPE } from '../blob/blob-file.ts';
import { HomeserverError } from '../errors.ts';
import type { Homeserver } from '../homeserver.ts';
import type { MxcUri } from '../ids.ts';
import type { WriterPorts } from './writer-ports.ts';

type Uploaded = WriterPorts['uploaded'];

/**
 * Brings a patch to the media repository, and looks that it is there. What was uploaded once is not uploaded again when
 * the event that points to it was refused.
 */
export class BlobUpload {
  readonly #homeserver: Pick<Homeserver, 'upload' | 'download'>;
  readonly #uploaded: Uploaded;
  #last: { readonly pointer: BlobPointer; readonly uri: MxcUri; isVerified: boolean } | null = null;

  /** @param uploaded told once of each blob that came back as it was given */
  constructor(homeserver: Pick<Homeserver, 'upload' | 'download'>, uploaded: Uploaded) {
    this.#homeserver = homeserver;
    this.#uploaded = uploaded;
  }

  /**
   * @throws WeftError `limit` for more than a blob may hold
   * @throws HomeserverError as `upload` and `download` do, and `server` where other bytes came back
   */
  async bring(patch: Patch, signal: AbortSignal): Promise<BlobPointer> {
    const { file, ...said } = encodeBlob(patch);
    const what = `save ${said.objects} objects in a file`;
    if (this.#last?.pointer.sha256 !== said.sha256) {
      const uri = await this.#homeserver.upload(file, { name: BLOB_NAME, type: BLOB_TYPE, signal });
      this.#last = { pointer: { ...said, sources: [sourceOf(what, uri)] }, uri, isVerified: false };
    }
    const last = this.#last;
    // An event that points to nothing would take the place of one that holds something.
    if (!last.isVerified) await this.#verify(what, last.uri, last.pointer, signal);
    last.isVerified = true;
    return last.pointer;
  }

  async #verify(what: string, uri: MxcUri, pointer: BlobPointer, signal: AbortSignal): Promise<void> {
    try {
      const { bytes } = await this.#homeserver.download(uri, { maxBytes: pointer.bytes, signal });
      this.#uploaded(pointer, await readBlob(bytes, pointer, { carrier: uri }), bytes);
    } catch (error) {
      this.#last = null;
      if (!(error instanceof WeftError)) throw error;
      const got = `other bytes came back: ${error.message}`;
      throw new HomeserverError('server', { what, got, cause: error });
    }
  }
}

function sourceOf(what: string, uri: MxcUri): BlobSource {
  if (isBlobSource(uri)) return uri;
  throw new HomeserverError('unsupported', { what, got: `it was given the address ${uri}` });
}
