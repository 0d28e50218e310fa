import { AssetError, type FailedAttempt } from '../asset-error.ts';
import type { AssetSink, FileToStore } from '../source/asset-source.ts';
import { sha256Of } from './cid.ts';
import type { ImportedFile } from './import-file.ts';
import type { IpfsClient } from './ipfs-client.ts';
import type { BlockShelf } from './kept-blocks.ts';

/** What keeps files for others and gives them out: a relay with its gateway. */
export interface BlockHost {
  /** As errors name it. */
  readonly name: string;
  /** Resolves once it holds the whole file. @throws AssetError */
  publish(file: ImportedFile, about: FileToStore): Promise<void>;
}

export interface IpfsSinkOptions {
  /** `null` for none. */
  readonly client: IpfsClient | null;
  /** Where this device keeps what it published; `null` for nowhere. */
  readonly shelf: BlockShelf | null;
  /** Read anew for each file; the first that takes it is enough. */
  readonly hosts: (signal: AbortSignal) => readonly BlockHost[] | Promise<readonly BlockHost[]>;
}

/**
 * Takes files to IPFS: to the configured node, and to a relay of the world, whose gateway gives them to everybody. One of both
 * is enough; a file that nobody else could read is refused.
 */
export class IpfsSink implements AssetSink<'ipfs'> {
  readonly scheme = 'ipfs';
  readonly #options: IpfsSinkOptions;

  constructor(options: IpfsSinkOptions) {
    this.#options = options;
  }

  async store(bytes: Uint8Array, file: FileToStore): Promise<string> {
    const { client, shelf, hosts } = this.#options;
    const attempts: FailedAttempt[] = [];
    const added =
      client === null ? null : await tried('the IPFS node', attempts, () => client.add(bytes, file));
    const { importFile } = await import('./import-file.ts');
    const imported = await importFile(bytes);
    const root = imported.root.toString();
    for (const host of await hosts(file.signal)) {
      const isHosted = await tried(host.name, attempts, async () => {
        await host.publish(imported, file);
        return true;
      });
      if (isHosted !== true) continue;
      if (shelf !== null) await keepAll(shelf, imported);
      return `ipfs://${root}`;
    }
    if (added === null) throw nowhere(file.name, attempts);
    return `ipfs://${added}`;
  }
}

/** `null` where it failed, which is noted. */
async function tried<T>(source: string, attempts: FailedAttempt[], run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AssetError) || error.code === 'aborted') throw error;
    attempts.push({ source, error });
    return null;
  }
}

async function keepAll(shelf: BlockShelf, { blocks }: ImportedFile): Promise<void> {
  for (const { cid, bytes } of blocks) {
    const sha256 = sha256Of(cid);
    if (sha256 !== null) await shelf.keep(sha256, bytes);
  }
}

function nowhere(name: string, attempts: readonly FailedAttempt[]): AssetError {
  const [only] = attempts;
  if (only !== undefined && attempts.length === 1) return only.error;
  return new AssetError(attempts.length === 0 ? 'unsupported-source' : 'unavailable', {
    what: `publish ${name} to IPFS`,
    expected: 'a relay of the world, or an IPFS node, that keeps it',
    got: 'none',
    hint: 'Give the world a relay, configure an IPFS node, or upload to the homeserver instead.',
    attempts,
  });
}
