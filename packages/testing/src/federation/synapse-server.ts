import { type FederationRetries, findFreePort, type OnProgress, type RateLimits } from '@weft/cli/stack';
import { startTestStack } from '../synapse/test-stack.ts';
import type { Certificate } from './certificate.ts';
import type { FederatedServer } from './federated-server.ts';
import { Gate } from './gate.ts';

export interface SynapseServerOptions {
  readonly certificate: Certificate;
  readonly rateLimits: RateLimits;
  readonly retries: FederationRetries;
  readonly stateAfter: boolean;
  readonly rtcDrafts: boolean;
  /** What its log is called that stays in `.weft`. */
  readonly logName: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Starts a Synapse behind a gate; about 2.5 s. */
export async function startSynapseServer(options: SynapseServerOptions): Promise<FederatedServer> {
  const { certificate, retries, ...rest } = options;
  const gate = await Gate.listen();
  try {
    const listenPort = await findFreePort();
    gate.leadTo(listenPort);
    const federation = { namePort: gate.port, listenPort, retries, ...certificate };
    const { stack, stop } = await startTestStack({ ...rest, federation });
    return {
      software: 'synapse',
      name: `localhost:${gate.port}`,
      url: stack.homeserverUrl,
      gate,
      account: (name) => stack.account(name),
      kill: () => stack.kill(),
      restart: () => stack.restart(),
      async stop() {
        await stop();
        await gate.remove();
      },
    };
  } catch (error) {
    await gate.remove();
    throw error;
  }
}
