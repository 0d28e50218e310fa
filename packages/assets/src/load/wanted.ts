import { isSha256Hex } from '@weft/core';
import { AssetError, shownAddress } from '../asset-error.ts';
import type { AssetRef } from '../reference/asset-ref.ts';
import { MAX_ALTERNATIVES, MAX_ASSET_BYTES } from './limits.ts';
import type { LoadOptions } from './loaded-asset.ts';

/** What a reference asks for, held to the bounds. */
export interface Wanted {
  /** Tried in this order; at least one. */
  readonly addresses: readonly string[];
  /** `null` where whatever comes is believed. */
  readonly sha256: string | null;
  /** `null` where no size was given. */
  readonly bytes: number | null;
  readonly maxBytes: number;
  /** The same for two that one fetch can serve. */
  readonly key: string;
}

/** @throws AssetError `bad-reference`; `too-large` for one that says so itself */
export function wantedOf(
  { src, alt = [], sha256, bytes }: AssetRef,
  { kind = 'model', maxBytes: asked }: LoadOptions,
): Wanted {
  const what = `load ${shownAddress(src)}`;
  const hash = sha256?.toLowerCase() ?? null;
  if (hash !== null && !isSha256Hex(hash)) throw bad(what, 'a sha256 of 64 hexadecimal digits', hash);
  if (bytes !== undefined && !(Number.isSafeInteger(bytes) && bytes >= 0)) {
    throw bad(what, 'a size in whole bytes', String(bytes));
  }
  const bound = MAX_ASSET_BYTES[kind];
  const maxBytes = Math.min(asked ?? bound, bound);
  if (bytes !== undefined && bytes > maxBytes) {
    throw new AssetError('too-large', {
      what,
      expected: `at most ${maxBytes} bytes`,
      got: `a reference to ${bytes}`,
      hint: 'Publish a smaller file.',
    });
  }
  const addresses = [...new Set([src, ...alt.slice(0, MAX_ALTERNATIVES)])];
  const key = JSON.stringify([hash ?? addresses, bytes ?? null, maxBytes]);
  return { addresses, sha256: hash, bytes: bytes ?? null, maxBytes, key };
}

function bad(what: string, expected: string, got: string): AssetError {
  return new AssetError('bad-reference', { what, expected, got, hint: 'Publish the file again.' });
}
