import { type MoverHandle, PoseReader, type PoseUpdate, ProtocolError } from '@weft/protocol';
import type { Mover } from './mover.ts';

/** Movers of one socket that are gone and of which poses may still be on their way. */
const MAX_ENDED = 256;

/** Reads what one socket tells of its movers. What comes of one that is gone is late and says nothing. */
export class OwnMovers {
  readonly #reader = new PoseReader();
  readonly #ended: MoverHandle[] = [];

  add({ handle, parts }: Mover): void {
    this.#reader.add(handle, parts);
  }

  end({ handle }: Mover): void {
    this.#ended.push(handle);
    const oldest = this.#ended.length > MAX_ENDED ? this.#ended.shift() : undefined;
    if (oldest !== undefined) this.#reader.remove(oldest);
  }

  /** @throws ProtocolError `malformed`, for what never was a mover of this socket as well */
  read(updates: Uint8Array): PoseUpdate[] {
    const read = this.#reader.read(updates);
    if (read.some(({ pose }) => pose === null))
      throw new ProtocolError('malformed', {
        what: 'take poses',
        expected: 'how own movers stand',
        got: 'one that is out of sight',
      });
    return read;
  }
}
