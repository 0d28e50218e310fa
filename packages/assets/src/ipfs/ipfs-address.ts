import type { CID } from 'multiformats/cid';
import { AssetError } from '../asset-error.ts';
import type { AddressOf } from '../reference/address.ts';
import { readCid } from './cid.ts';

/** An `ipfs:` address whose CID this program takes. */
export interface IpfsAddress {
  readonly text: string;
  readonly cid: CID;
  /** The names on the way from the CID to the file, decoded; none where the CID is the file. */
  readonly segments: readonly string[];
}

/** @throws AssetError `bad-reference` for a CID that cannot be verified, or a path that is none */
export function readIpfsAddress({ text, cid: word, path }: AddressOf<'ipfs'>): IpfsAddress {
  const cid = readCid(word);
  const segments = readPath(path);
  if (cid !== null && segments !== null) return { text, cid, segments };
  throw new AssetError('bad-reference', {
    what: `read ${text}`,
    expected: 'ipfs://CID[/path] with a CID of raw or dag-pb and sha2-256',
    got: cid === null ? 'another CID, or none' : 'a path that is none',
    hint: 'Publish the file again: `ipfs add --cid-version=1` gives such a CID.',
  });
}

function readPath(path: string): readonly string[] | null {
  // A gateway’s query or fragment means nothing here.
  if (/[?#\\]/.test(path)) return null;
  try {
    const names = path
      .split('/')
      .filter((name) => name !== '')
      .map(decodeURIComponent);
    return names.every((name) => !/[/\\\0]/.test(name) && name !== '.' && name !== '..') ? names : null;
  } catch {
    // A percent sign without two digits.
    return null;
  }
}
