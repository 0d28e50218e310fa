import { mkdir, rm } from 'node:fs/promises';
import {
  type FederationRetries,
  installSynapse,
  instancePaths,
  type OnProgress,
  type RateLimits,
} from '@weft/cli/stack';
import { newTestInstance } from '../test-instance.ts';
import { WEFT_DIRECTORY } from '../weft-directory.ts';
import { makeCertificate } from './certificate.ts';
import { startDendriteServer } from './dendrite/dendrite-server.ts';
import type { FederatedServer } from './federated-server.ts';
import type { GateState } from './gate.ts';
import { startSynapseServer } from './synapse-server.ts';

export interface FederationOptions {
  /** Default `synapse`: what the second server is; the first is always a Synapse. */
  readonly with?: FederatedServer['software'];
  /** Default `relaxed`. Of people's requests; what servers allow each other is as shipped. */
  readonly rateLimits?: RateLimits;
  /** Default `tuned`. Only Synapse has settings for it. */
  readonly retries?: FederationRetries;
  /** Default true: Synapse serves `state_after` (MSC4222), as a stock one does not. */
  readonly stateAfter?: boolean;
  /** Default true: Synapse has sticky and delayed events (MSC4354, MSC4140), as a stock one does not. */
  readonly rtcDrafts?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Two real homeservers on this machine that talk to each other and to nobody else. */
export interface Federation {
  readonly a: FederatedServer;
  readonly b: FederatedServer;
  /** Cuts the servers off from each other: both ways unless only what goes to one of them is named. */
  split(how?: Exclude<GateState, 'open'>, towards?: 'both' | 'a' | 'b'): void;
  heal(): void;
  /** Stops both and forgets what they held. */
  stop(): Promise<void>;
}

/**
 * Starts two homeservers, each behind a gate, over TLS. Installs what is missing. Takes some 5 s; with Dendrite two
 * minutes the first time on a machine.
 * @throws StackError, GoProgramError
 */
export async function startFederation(options: FederationOptions = {}): Promise<Federation> {
  const { rateLimits = 'relaxed', retries = 'tuned', stateAfter = true, rtcDrafts = true } = options;
  const { onProgress, signal } = options;
  const watch = {
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  };
  const python = await installSynapse({
    directory: WEFT_DIRECTORY,
    onProgress: onProgress ?? (() => undefined),
    signal,
  });
  const { folder } = instancePaths(WEFT_DIRECTORY, await newTestInstance());
  await mkdir(folder, { recursive: true });
  const certificate = await makeCertificate(python, folder);
  const synapse = (logName: string) =>
    startSynapseServer({ certificate, rateLimits, retries, stateAfter, rtcDrafts, logName, ...watch });
  const second = () =>
    options.with === 'dendrite'
      ? startDendriteServer({
          python,
          certificate,
          folder,
          rateLimits,
          logName: 'last-federation-b',
          ...watch,
        })
      : synapse('last-federation-b');
  const servers: FederatedServer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // One after the other: each looks for a free port, and two at once might find the same.
    const a = await synapse('last-federation-a');
    servers.push(a);
    const b = await second();
    servers.push(b);
    return {
      a,
      b,
      split(how = 'refusing', towards = 'both') {
        if (towards !== 'b') a.gate.close(how);
        if (towards !== 'a') b.gate.close(how);
      },
      heal() {
        for (const { gate } of [a, b]) gate.open();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
