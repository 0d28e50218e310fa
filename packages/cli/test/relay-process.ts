import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseUserId } from '@weft/core';
import { type RelayTransport, relayTransport } from '@weft/protocol';
import { synapse } from '@weft/testing/synapse';
import { findFreePort } from '../src/stack/ports.ts';
import { type Watching, watchWeft } from './run-weft.ts';

/** `weft relay` beside the shared Synapse, as a process that can be killed and started again at the same place. */
export class RelayProcess {
  readonly transport: RelayTransport;
  readonly #folder: string;
  readonly #environment: Record<string, string>;
  #process: Watching;

  private constructor(
    folder: string,
    environment: Record<string, string>,
    started: { readonly process: Watching; readonly transport: RelayTransport },
  ) {
    this.#folder = folder;
    this.#environment = environment;
    this.#process = started.process;
    this.transport = started.transport;
  }

  /** It takes people in when this resolves. */
  static async start(): Promise<RelayProcess> {
    const account = await (await synapse()).account('relay');
    const folder = await mkdtemp(join(tmpdir(), 'weft-relay-'));
    const environment = {
      WEFT_RELAY_HOMESERVER_URL: account.homeserver,
      WEFT_RELAY_TOKEN: account.token,
      WEFT_RELAY_SERVER_PORT: String(await findFreePort()),
      WEFT_RELAY_JOURNAL_DIRECTORY: folder,
      WEFT_RELAY_LIMITS_DRAIN_MS: '500',
    };
    const { process, url } = await startRelay(environment);
    const transport = relayTransport(url, parseUserId(account.userId));
    return new RelayProcess(folder, environment, { process, transport });
  }

  /** It is gone at once, and `ended` tells when its process is. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  get ended(): Watching['ended'] {
    return this.#process.ended;
  }

  async startAgain(): Promise<void> {
    this.#process = (await startRelay(this.#environment)).process;
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    await this.#process.ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function startRelay(
  environment: Record<string, string>,
): Promise<{ readonly process: Watching; readonly url: string }> {
  const process = watchWeft(['relay', '--json'], environment);
  const ready = await process.next(({ msg }) => msg === 'the relay takes people in');
  return { process, url: String(ready.url) };
}
