import { setTimeout as delay } from 'node:timers/promises';
import { connectHomeserver } from '@weft/matrix';
import { synapse } from '@weft/testing/synapse';
import { homeserverContract } from './homeserver-contract.ts';

homeserverContract('matrix-js-sdk on Synapse, with a sync of its own', async () => {
  const shared = await synapse();
  const tokens = new Map<string, string>();
  return {
    clockOffsetMs: 0,
    async connect(name) {
      const account = await shared.account(name);
      tokens.set(account.userId, account.token);
      return connectHomeserver({ url: account.homeserver, token: account.token });
    },
    async setMembership(by, room, user, change) {
      const answer = await fetch(`${by.url}/_matrix/client/v3/rooms/${encodeURIComponent(room)}/${change}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${tokens.get(by.userId)}` },
        body: JSON.stringify({ user_id: user }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    pass: (ms) => delay(ms),
    stop: async () => undefined,
  };
});
