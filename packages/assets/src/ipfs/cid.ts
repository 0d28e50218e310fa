import { CID } from 'multiformats/cid';
import { MAX_IDENTITY_BYTES } from './limits.ts';

/** Codecs of the blocks that files are made of: the bytes as they are, and nodes that link to others. */
export const RAW = 0x55;
export const DAG_PB = 0x70;
/** The one hash function that is trusted, and the one that is none: the CID holds the block itself. */
export const SHA2_256 = 0x12;
export const IDENTITY = 0x00;

const SHA2_256_BYTES = 32;
/** A CID with the longest block in it, in base32, and a little more. */
const MAX_CID_CHARACTERS = 256;

/** The CID that a text is, of whatever it may be; `null` for what is none. */
export function parseCid(text: string): CID | null {
  if (text.length > MAX_CID_CHARACTERS) return null;
  try {
    return CID.parse(text);
  } catch {
    // The parser throws on everything that is no CID.
    return null;
  }
}

/** The same; `null` also for blocks that this program does not take (`isAllowedCid`). */
export function readCid(text: string): CID | null {
  const cid = parseCid(text);
  return cid !== null && isAllowedCid(cid) ? cid : null;
}

/**
 * Whether a block of this CID can be verified and read: raw bytes or a node of dag-pb, named by its sha2-256, or so short
 * that the CID holds it.
 */
export function isAllowedCid({ code, multihash }: CID): boolean {
  if (code !== RAW && code !== DAG_PB) return false;
  const { code: hash, digest } = multihash;
  if (hash === IDENTITY) return digest.length <= MAX_IDENTITY_BYTES;
  return hash === SHA2_256 && digest.length === SHA2_256_BYTES;
}

/** The block that a CID holds itself; `null` where it only names one. */
export function inlineBlock({ multihash }: CID): Uint8Array | null {
  return multihash.code === IDENTITY ? multihash.digest : null;
}

/** Of the block, in lowercase hexadecimal; `null` where the CID holds the block itself. */
export function sha256Of({ multihash }: CID): string | null {
  if (multihash.code !== SHA2_256) return null;
  return Array.from(multihash.digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The CIDs by which the block of a CID may be asked for: its own, then those of both versions and of raw bytes. They hold one
 * hash, so that whoever verifies takes one for another.
 */
export function namesOf(cid: CID): readonly CID[] {
  const { multihash } = cid;
  const { code, digest } = multihash;
  if (code !== SHA2_256 || digest.length !== SHA2_256_BYTES) return [cid];
  const node = CID.createV1(DAG_PB, multihash);
  return [cid, node, node.toV0(), CID.createV1(RAW, multihash)];
}
