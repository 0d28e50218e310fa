import { generateKeyPairSync } from 'node:crypto';
import { joinBytes } from '@weft/core';
import type { WorldStore } from '@weft/store';
import { base58btc } from 'multiformats/bases/base58';

const RECORD = 'peer';
const KEY_BYTES = 32;
/** The id of a libp2p peer: an identity multihash of a protobuf that says Ed25519 and holds the key (libp2p, Peer Ids). */
const BEFORE_KEY = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20);

/**
 * The id under which a store’s blocks are provided, made with the first opening: of a key that nobody holds the secret of, since
 * nothing is signed by it.
 *
 * @throws StoreError
 */
export async function keptPeerId(store: WorldStore): Promise<string> {
  const known = await store.read(RECORD);
  if (known?.length === KEY_BYTES) return peerIdOf(known);
  const key = newPublicKey();
  await store.write({ put: new Map([[RECORD, key]]) });
  return peerIdOf(key);
}

function peerIdOf(key: Uint8Array): string {
  return base58btc.baseEncode(joinBytes([BEFORE_KEY, key]));
}

function newPublicKey(): Uint8Array {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  return Buffer.from(x, 'base64url');
}
