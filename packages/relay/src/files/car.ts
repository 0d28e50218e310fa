import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { encode } from '@ipld/dag-cbor';
import { joinBytes, type Timers } from '@weft/core';
import { varint } from 'multiformats';
import type { CID } from 'multiformats/cid';
import type { RateBudget } from '../server/rate-budget.ts';
import { type CarContent, carBlocks, MissingBlock } from './car-walk.ts';
import { CAR_STALL_MS } from './file-limits.ts';
import { pause } from './take-turn.ts';

export interface CarOptions {
  readonly headers: OutgoingHttpHeaders;
  readonly content: CarContent;
  readonly read: (cid: CID) => Promise<Uint8Array | null>;
  readonly timers: Timers;
  /** What all readers together may take; who owes waits. */
  readonly budget: RateBudget;
}

/**
 * Sends a CAR (version 1). One block is held at a time, and a reader that takes nothing is given up. Where a block is missing
 * the answer is cut off, which nobody takes for its end.
 */
export async function sendCar(response: ServerResponse, root: CID, options: CarOptions): Promise<void> {
  const { headers, content, read, timers, budget } = options;
  response.writeHead(200, headers);
  try {
    await write(response, framed(encode({ roots: [root], version: 1 })), timers);
    for await (const [cid, block] of carBlocks(content, read)) {
      const frame = framed(cid.bytes, block);
      budget.spend(frame.length);
      await pause(timers, budget.owedMs());
      await write(response, frame, timers);
    }
    response.end();
  } catch (error) {
    response.destroy();
    if (!(error instanceof CutOff || error instanceof MissingBlock)) throw error;
  }
}

/** The reader is gone or takes nothing. */
class CutOff extends Error {}

/** Bytes with their length before them. */
function framed(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = varint.encodeTo(length, new Uint8Array(varint.encodingLength(length)));
  return joinBytes([head, ...parts]);
}

/** Resolves when there is room for more. */
function write(response: ServerResponse, bytes: Uint8Array, timers: Timers): Promise<void> {
  if (response.destroyed) return Promise.reject(new CutOff());
  if (response.write(bytes)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const end = (run: () => void): void => {
      stop();
      response.off('drain', drained);
      response.off('close', closed);
      run();
    };
    const drained = (): void => end(resolve);
    const closed = (): void => end(() => reject(new CutOff()));
    const stop = timers.after(CAR_STALL_MS, closed);
    response.once('drain', drained);
    response.once('close', closed);
  });
}
