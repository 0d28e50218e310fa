import {
  type AssetSink,
  type AssetSource,
  type BlockHost,
  type BlockShelf,
  connectKubo,
  type HttpGet,
  type IpfsClient,
  type IpfsRpc,
  IpfsSink,
  IpfsSource,
  ipfsClientOf,
  RelayHost,
} from '@weft/assets';
import { systemGet } from '@weft/assets/system';
import type { RoomId, Timers } from '@weft/matrix';
import type { RelayTransport } from '@weft/protocol';
import { httpUrlOf, type RelayAccess } from './relay-access.ts';
import { RelaySessions } from './relay-sessions.ts';

export interface IpfsOptions {
  /**
   * A node of IPFS that is used before anything else, and trusted: the address of a Kubo's RPC, or a client of it
   * (`kubo-rpc-client`, `ipfs-http-client`). Default none.
   */
  readonly ipfs?: string | IpfsRpc;
  /** Trustless gateways, without `/ipfs`: asked after those of the world's relays, in order. Default none. */
  readonly gateways?: readonly string[];
}

export interface WorldIpfsPorts {
  readonly options: IpfsOptions;
  /** Judges where it connects to; for gateways that are no relays. */
  readonly get: HttpGet;
  /** Where this device keeps blocks that it published; `null` where it keeps nothing. */
  readonly shelf: BlockShelf | null;
  readonly timers: Timers;
}

/** The relays that files go through, once the lane of the world is open. */
interface Connected {
  readonly room: RoomId;
  readonly relays: RelayAccess;
  readonly sessions: RelaySessions;
}

/** IPFS for one world: its relays are the first of its gateways, and keep what is published. */
export class WorldIpfs {
  readonly source: AssetSource<'ipfs'>;
  /** Refuses where nobody would keep what is published: there is neither a node nor a relay then. */
  readonly sink: AssetSink<'ipfs'>;
  readonly #ports: WorldIpfsPorts;
  readonly #relayGets = new Map<string, HttpGet>();
  #connected: Connected | null = null;

  constructor(ports: WorldIpfsPorts) {
    const { options, shelf, timers } = ports;
    this.#ports = ports;
    const client = clientOf(options.ipfs);
    this.source = new IpfsSource({
      ...{ client, shelf, timers },
      gateways: async (signal) => {
        await this.#connected?.relays.decided(signal);
        return [...this.#relays().map(httpUrlOf), ...(options.gateways ?? [])];
      },
      get: (url, request) => this.#get(url, request),
    });
    this.sink = new IpfsSink({ client, shelf, hosts: (signal) => this.#hosts(signal) });
  }

  /** The lane of a world is open: its relays are gateways from now on, as they come and go. */
  connect(room: RoomId, relays: RelayAccess | null): void {
    this.#connected = relays === null ? null : { room, relays, sessions: new RelaySessions(relays) };
  }

  #relays(): readonly RelayTransport[] {
    return this.#connected?.relays.live() ?? [];
  }

  async #hosts(signal: AbortSignal): Promise<readonly BlockHost[]> {
    const connected = this.#connected;
    if (connected === null) return [];
    await connected.relays.decided(signal);
    return connected.relays.live().map(
      (relay) =>
        new RelayHost({
          ...{ base: httpUrlOf(relay), room: connected.room, timers: this.#ports.timers, fetch },
          token: (until, refused) => connected.sessions.token(relay, until, refused),
        }),
    );
  }

  /** This client talks to its relays in any case, wherever they are; everybody else is judged. */
  #get(url: URL, request: Parameters<HttpGet>[1]): ReturnType<HttpGet> {
    const isRelay = this.#relays().some((relay) => new URL(httpUrlOf(relay)).origin === url.origin);
    if (!isRelay) return this.#ports.get(url, request);
    const get = this.#relayGets.get(url.hostname) ?? systemGet([url.hostname]);
    this.#relayGets.set(url.hostname, get);
    return get(url, request);
  }
}

function clientOf(ipfs: string | IpfsRpc | undefined): IpfsClient | null {
  if (ipfs === undefined) return null;
  return typeof ipfs === 'string' ? kuboAt(ipfs) : ipfsClientOf(ipfs);
}

/** The library is loaded by whoever reads or publishes first. */
function kuboAt(url: string): IpfsClient {
  let connecting: Promise<IpfsClient> | null = null;
  const client = (): Promise<IpfsClient> => {
    connecting ??= connectKubo(url);
    return connecting;
  };
  return {
    cat: async (path, options) => (await client()).cat(path, options),
    add: async (bytes, options) => (await client()).add(bytes, options),
  };
}
