import { setTimeout as delay } from 'node:timers/promises';
import { connectHomeserver, type Homeserver } from '@weft/matrix';
import { type Account, synapse } from '@weft/testing/synapse';
import type { MatrixClient } from 'matrix-js-sdk';
import type { ContractHarness } from './contract-place.ts';
import { homeserverContract } from './homeserver-contract.ts';
import { syncingClient } from './syncing-client.ts';

homeserverContract('Synapse, with a sync of our own', () =>
  harness(true, (account) => connectHomeserver({ url: account.homeserver, token: account.token })),
);

const clients: MatrixClient[] = [];

homeserverContract("Synapse, through a client of the caller's", async () => {
  const { stop, ...rest } = await harness(false, async (account) => {
    const client = await syncingClient(account);
    clients.push(client);
    return connectHomeserver({ client });
  });
  return {
    ...rest,
    async stop() {
      for (const client of clients) client.stopClient();
      await stop();
    },
  };
});

async function harness(
  startsWhole: boolean,
  connect: (account: Account) => Promise<Homeserver>,
): Promise<ContractHarness> {
  const shared = await synapse();
  const accounts = new Map<string, Account>();
  return {
    startsWhole,
    clockOffsetMs: 0,
    async connect(name) {
      const account = await shared.account(name);
      accounts.set(account.userId, account);
      return connect(account);
    },
    otherDevice: ({ url, userId }) =>
      connectHomeserver({ url, user: userId, password: accounts.get(userId)?.password ?? '' }),
    async setMembership(by, room, user, change) {
      const answer = await fetch(`${by.url}/_matrix/client/v3/rooms/${encodeURIComponent(room)}/${change}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${accounts.get(by.userId)?.token}` },
        body: JSON.stringify({ user_id: user }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    pass: (ms) => delay(ms),
    stop: async () => undefined,
  };
}
