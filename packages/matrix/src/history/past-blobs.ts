import { type BlobPointer, type Patch, readBlob, WeftError } from '@weft/core';
import { HomeserverError } from '../errors.ts';
import type { Homeserver } from '../homeserver.ts';
import { isMxcUri } from '../ids.ts';
import type { RequestOptions } from '../request.ts';

/** Blobs that are fetched for one moment. */
export const MAX_MOMENT_BLOBS = 64;

/** Fetches the blobs that events of the past point to, each once. */
export class PastBlobs {
  readonly #homeserver: Pick<Homeserver, 'download'>;
  readonly #request: RequestOptions;
  readonly #fetched = new Map<string, Patch | null>();

  constructor(homeserver: Pick<Homeserver, 'download'>, request: RequestOptions) {
    this.#homeserver = homeserver;
    this.#request = request;
  }

  /**
   * What the blob holds; `null` where none of its addresses gives it, or where there were too many before.
   *
   * @throws HomeserverError `aborted`
   */
  async read(pointer: BlobPointer, carrier: string): Promise<Patch | null> {
    const known = this.#fetched.get(pointer.sha256);
    if (known !== undefined) return known;
    if (this.#fetched.size >= MAX_MOMENT_BLOBS) return null;
    const found = await this.#fetch(pointer, carrier);
    this.#fetched.set(pointer.sha256, found);
    return found;
  }

  async #fetch(pointer: BlobPointer, carrier: string): Promise<Patch | null> {
    for (const source of pointer.sources) {
      if (!isMxcUri(source)) continue;
      try {
        const { bytes } = await this.#homeserver.download(source, {
          maxBytes: pointer.bytes,
          ...this.#request,
        });
        return (await readBlob(bytes, pointer, { carrier })).patch;
      } catch (error) {
        const isLost = error instanceof WeftError || (error instanceof HomeserverError && !isAborted(error));
        if (!isLost) throw error;
      }
    }
    return null;
  }
}

function isAborted({ code }: HomeserverError): boolean {
  return code === 'aborted';
}
