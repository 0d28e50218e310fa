import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { AssetLoader, connectKubo, httpsSource, IpfsSource } from '@weft/assets';
import { startFileHash, systemGet } from '@weft/assets/system';
import type { Account } from '@weft/cli/stack';
import { connectHomeserver, parseMxcUri, systemTimers } from '@weft/matrix';
import { BEHAVIOURS, FileServer, TLS_IDENTITY } from '@weft/testing/assets/server';
import { startKubo } from '@weft/testing/kubo';
import { repeated } from '../../record/measured.ts';
import type { RunContext } from '../../workload.ts';
import { modelOf, refOf } from './model.ts';

const MIB = 1024 * 1024;
const SOURCES = ['mxc', 'https', 'ipfs'] as const;
type Source = (typeof SOURCES)[number];

/** One model in three places; one of them, the first in its reference, withdraws it: the next one gives it. */
export async function measureWithdrawn(
  { seed, signal, progress, record }: RunContext,
  account: Account,
  administrator: Account,
  reps: number,
): Promise<void> {
  setDefaultCACertificates([...getCACertificates(), TLS_IDENTITY.cert]);
  const kubo = await startKubo({ signal });
  const web = await FileServer.start();
  try {
    const homeserver = await connectHomeserver({ url: account.homeserver, token: account.token });
    const get = systemGet(['127.0.0.1/32']);
    const client = await connectKubo(kubo.rpcUrl);
    const loader = (): AssetLoader =>
      new AssetLoader({
        sources: {
          mxc: {
            scheme: 'mxc',
            fetch: ({ text }, options) => homeserver.download(parseMxcUri(text), options),
          },
          https: httpsSource(get),
          // By its gateway, so that every block is verified.
          ipfs: new IpfsSource({
            ...{ client: null, shelf: null, get, timers: systemTimers },
            gateways: () => [kubo.gatewayUrl],
          }),
        },
        ...{ cache: null, timers: systemTimers, startHash: startFileHash },
      });
    const publish = async (name: string): Promise<Record<Source, string>> => {
      const bytes = modelOf(`${seed}/${name}`, MIB);
      web.at(`/${name}`, BEHAVIOURS.gives(bytes));
      return {
        mxc: await homeserver.upload(bytes, { name: `${name}.glb`, type: 'model/gltf-binary' }),
        https: `https://127.0.0.1:${web.port}/${name}`,
        ipfs: `ipfs://${await client.add(bytes, { signal })}`,
      };
    };
    const withdraw: Record<Source, (address: string, name: string) => Promise<unknown>> = {
      async mxc(address) {
        const url = `${account.homeserver}/_synapse/admin/v1/media/${address.slice('mxc://'.length)}`;
        const headers = { authorization: `Bearer ${administrator.token}` };
        const { ok, status } = await fetch(url, { method: 'DELETE', headers });
        if (!ok) throw new Error(`the homeserver did not delete the media: ${status}`);
      },
      https: async (_address, name) => web.at(`/${name}`, BEHAVIOURS.answers(404)),
      async ipfs(address) {
        await kubo.ipfs('pin', 'rm', address.slice('ipfs://'.length));
        await kubo.ipfs('repo', 'gc');
      },
    };
    for (const [at, gone] of SOURCES.entries()) {
      const order = [gone, ...SOURCES.slice(at + 1), ...SOURCES.slice(0, at)];
      const samples: { readonly whole: number; readonly without: number }[] = [];
      for (let rep = 0; rep < reps && !signal.aborted; rep += 1) {
        const name = `${gone}-${rep}`;
        const addresses = await publish(name);
        const [src = '', ...alt] = order.map((source) => addresses[source]);
        const ref = refOf(src, modelOf(`${seed}/${name}`, MIB), alt);
        const timed = async (from: string): Promise<number> => {
          const start = performance.now();
          const loaded = await loader().load(ref, { signal });
          if (loaded.from !== from) throw new Error(`it came from ${loaded.from}, not from ${from}`);
          return performance.now() - start;
        };
        const whole = await timed(src);
        await withdraw[gone](src, name);
        samples.push({ whole, without: await timed(alt[0] ?? '') });
      }
      progress(`withdrawn from ${gone}: the next source gave the same file ${samples.length} times`);
      const of = { system: 'weft', unit: 'ms' } as const;
      const [next = ''] = order.slice(1);
      record([
        repeated({
          ...of,
          metric: 'load',
          parameters: { from: gone },
          samples: samples.map(({ whole }) => whole),
        }),
        repeated({
          ...of,
          metric: 'load',
          parameters: { withdrawn: gone, from: next },
          samples: samples.map(({ without }) => without),
        }),
      ]);
    }
  } finally {
    await web.close();
    await kubo.stop();
  }
}
