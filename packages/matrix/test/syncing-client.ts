import type { Account } from '@weft/testing/synapse';
import { ClientEvent, createClient, type MatrixClient, MemoryStore, SyncState } from 'matrix-js-sdk';
import { silentLogger } from '../src/js-sdk/silent-logger.ts';

/** A client that somebody else made and that is syncing already; whoever asked stops it. */
export async function syncingClient(account: Account): Promise<MatrixClient> {
  const client = createClient({
    baseUrl: account.homeserver,
    accessToken: account.token,
    userId: account.userId,
    deviceId: account.deviceId,
    store: new MemoryStore(),
    disableVoip: true,
    logger: silentLogger,
  });
  const prepared = new Promise<void>((resolve) => {
    client.on(ClientEvent.Sync, (state) => {
      if (state === SyncState.Prepared) resolve();
    });
  });
  await client.startClient();
  await prepared;
  return client;
}
