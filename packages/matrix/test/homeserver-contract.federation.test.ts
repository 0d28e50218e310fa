import { setTimeout as delay } from 'node:timers/promises';
import { connectHomeserver } from '@weft/matrix';
import { type FederatedServer, matrixCall, startFederation } from '@weft/testing/federation';
import type { Account } from '@weft/testing/synapse';
import type { Difference } from './contract-place.ts';
import { federationContract } from './federation-contract.ts';
import { homeserverContract } from './homeserver-contract.ts';

const DENDRITE: ReadonlySet<Difference> = new Set([
  'drops levels that it does not know',
  'answers forbidden to a creator among the users',
  'does not say what an event replaced',
  'dates a redaction in the state by the redacted event',
  'redacts known events only',
  'takes a lone surrogate',
  'calls what is too large malformed',
  'has other errors for a room that is not there',
  'fails on who may not join a restricted room',
  'knows no fields of profiles',
  'reads history forward from a token only',
  'shows a stranger a history without events',
]);

async function connect(server: FederatedServer, name: string, accounts?: Map<string, Account>) {
  const account = await server.account(name);
  accounts?.set(account.userId, account);
  return connectHomeserver({ url: account.homeserver, token: account.token });
}

homeserverContract('Dendrite', async () => {
  const { b, stop } = await startFederation({ with: 'dendrite' });
  const accounts = new Map<string, Account>();
  return {
    startsWhole: true,
    clockOffsetMs: 0,
    differences: DENDRITE,
    connect: (name) => connect(b, name, accounts),
    otherDevice: ({ url, userId }) =>
      connectHomeserver({ url, user: userId, password: accounts.get(userId)?.password ?? '' }),
    async setMembership(by, room, user, change) {
      const account = accounts.get(by.userId);
      if (account === undefined) throw new Error(`${by.userId} is not from here`);
      await matrixCall(account, 'POST', `/rooms/${encodeURIComponent(room)}/${change}`, { user_id: user });
    },
    pass: (ms) => delay(ms),
    stop,
  };
});

federationContract('two Synapses', async () => {
  const federation = await startFederation();
  return {
    connect: (server, name) => connect(server === 'near' ? federation.a : federation.b, name),
    async split() {
      federation.split();
    },
    async heal() {
      federation.heal();
    },
    pass: (ms) => delay(ms),
    stop: () => federation.stop(),
  };
});
