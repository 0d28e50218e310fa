import { webHash } from '../../src/hash/web-hash.ts';
import { importFile } from '../../src/ipfs/import-file.ts';
import { isBlock } from '../../src/ipfs/verify-block.ts';

/** What becomes of a file in this page. */
export interface PlainPage {
  /** @returns whether there is WebCrypto, the address of the file in IPFS, its hash, and whether all its blocks are verified */
  publish(
    length: number,
  ): Promise<readonly [hasCrypto: boolean, cid: string, sha256: string, isVerified: boolean]>;
}

declare global {
  interface Window {
    plain?: PlainPage;
  }
}

window.plain = {
  async publish(length) {
    const { subtle }: { readonly subtle?: SubtleCrypto } = crypto;
    const bytes = new Uint8Array(length);
    const { root, blocks } = await importFile(bytes);
    const hash = webHash(subtle)();
    hash.update(bytes);
    const verified = await Promise.all(blocks.map((block) => isBlock(block.cid, block.bytes)));
    return [subtle !== undefined, root.toString(), await hash.digest(bytes), verified.every(Boolean)];
  },
};
