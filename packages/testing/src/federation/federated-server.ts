import type { Account } from '@weft/cli/stack';
import type { Gate } from './gate.ts';

/** A homeserver of a federation. Its clients reach it directly, whatever happens between servers. */
export interface FederatedServer {
  readonly software: 'synapse' | 'dendrite';
  /** `localhost:PORT`: what stands behind the colon of its users' ids. */
  readonly name: string;
  /** The client-server API. */
  readonly url: string;
  /** Where other servers call it. */
  readonly gate: Gate;
  /** The user of this name, made if there is none. */
  account(name: string): Promise<Account>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on what it wrote down. */
  restart(): Promise<void>;
  /** Stops it and forgets what it held, but for its log in `.weft`. */
  stop(): Promise<void>;
}
