import { FakeTimers, SeededRandom } from '@weft/testing';
import { Federation } from '@weft/testing/homeserver';
import { federationContract } from './federation-contract.ts';

for (const stateAfter of [true, false]) {
  federationContract(`twins ${stateAfter ? 'with' : 'without'} state_after`, async () => {
    const timers = new FakeTimers();
    const federation = new Federation({ timers, random: new SeededRandom('contract') });
    const servers = {
      near: federation.add('near.test', { stateAfter }),
      far: federation.add('far.test', { stateAfter }),
    };
    return {
      connect: async (server, name) => servers[server].connect(name),
      async split() {
        federation.split(['near.test'], ['far.test']);
      },
      async heal() {
        federation.heal();
      },
      pass: (ms) => timers.advance(ms),
      stop: async () => undefined,
    };
  });
}
