import { LOOPBACK } from './synapse-config.ts';

/** The account that the local relay signs in with. */
export const RELAY_ACCOUNT = 'relay';

/** Where the relay of a local instance listens, and who it is. */
export interface RelayAddress {
  readonly port: number;
  readonly userId: string;
  /** What rooms and the homeserver say of it. */
  readonly transport: { readonly type: string; readonly url: string; readonly user_id: string };
}

export function relayAddress(serverName: string, port: number): RelayAddress {
  const userId = `@${RELAY_ACCOUNT}:${serverName}`;
  const url = `ws://${LOOPBACK}:${port}`;
  return { port, userId, transport: { type: 'world.weft.relay', url, user_id: userId } };
}
