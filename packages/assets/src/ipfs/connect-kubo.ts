import { type IpfsClient, ipfsClientOf } from './ipfs-client.ts';

export interface KuboOptions {
  /** Headers of each request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Uses the RPC of a Kubo, such as `http://127.0.0.1:5001`. The library is loaded with the first call; nothing is asked yet. */
export async function connectKubo(url: string, { headers = {} }: KuboOptions = {}): Promise<IpfsClient> {
  const { create } = await import('kubo-rpc-client');
  return ipfsClientOf(create({ url, headers: { ...headers } }));
}
