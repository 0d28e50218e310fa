import type { RandomBytes, Timers, UserId } from '@weft/core';
import { LANE_VERSION, RELAY_TRANSPORT } from '@weft/protocol';
import { ServiceSessions } from '../admission/service-sessions.ts';
import { type TicketAnswer, TicketOffice, type TicketRequest } from '../admission/ticket-office.ts';
import type { RelayConfig, RelaySecrets } from '../config/relay-config.ts';
import type { FileShelf } from '../files/file-shelf.ts';
import { Gateway } from '../files/gateway.ts';
import { ProviderRouting } from '../files/provider-routing.ts';
import { ClientAddresses } from './client-address.ts';
import { verifyEd25519 } from './ed25519.ts';
import { HttpRoutes } from './http-routes.ts';
import { listen } from './listener.ts';
import { Origins } from './origins.ts';
import { RateBudget } from './rate-budget.ts';
import { type Check, ReadinessProbe } from './readiness.ts';
import type { RelayLog } from './relay-log.ts';
import { RelayMetrics } from './relay-metrics.ts';
import { RelayServer } from './relay-server.ts';
import type { ServedWorlds } from './served-worlds.ts';
import type { ServiceHandler } from './service-handler.ts';
import { SessionRoutes } from './session-routes.ts';

export interface RelayEdgeOptions {
  readonly config: RelayConfig;
  readonly secrets: Pick<RelaySecrets, 'metricsToken'>;
  /** The account by which the relay is known. */
  readonly userId: UserId;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly log: RelayLog;
  /** Beside the homeserver's freshness: what has to work, such as the journal. */
  readonly checks: readonly Check[];
  /** How much the journals hold, for the figures. */
  readonly journals: () => { readonly waitingBytes: number; readonly keptBytes: number };
  /** What answers below `/v1` beside the lane; `null` where nothing does. */
  readonly services: ServiceHandler | null;
  /** What is published. Default: this relay keeps no files. */
  readonly shelf?: FileShelf | null;
}

/**
 * The outer side of a relay: it listens, gives tickets, takes hellos, and answers health and figures. Nobody gets
 * through it before `serve` has said which worlds there are.
 */
export class RelayEdge {
  /** What clients sign as the relay's address, and what its tickets name. */
  readonly url: string;
  /** On which it listens. */
  readonly port: number;
  readonly office: TicketOffice;
  readonly metrics: RelayMetrics;
  readonly #options: RelayEdgeOptions;
  readonly #sessions: ServiceSessions;
  readonly #server: RelayServer;
  #worlds: ServedWorlds | null = null;
  #closing: Promise<void> | null = null;

  /** @throws the error of `listen`, such as EADDRINUSE */
  static async open(options: RelayEdgeOptions): Promise<RelayEdge> {
    const { server, limits } = options.config;
    const listening = await listen(server.host, server.port, limits);
    return new RelayEdge(options, listening);
  }

  private constructor(options: RelayEdgeOptions, { http, port }: Awaited<ReturnType<typeof listen>>) {
    const { config, secrets, userId, timers, random, log } = options;
    const { limits, server, worlds } = config;
    this.#options = options;
    this.port = port;
    this.url = server.publicUrl === '' ? `ws://${hostOf(server.host)}:${port}` : server.publicUrl;
    const now = timers.now;
    this.office = new TicketOffice({
      ...{ url: this.url, now, random, limits, verify: verifyEd25519 },
      mayEnter: (...who) => this.#worlds?.mayEnter(...who) ?? false,
    });
    this.#sessions = new ServiceSessions({ now, random, limits });
    this.metrics = new RelayMetrics(() => ({
      ...this.#server.figures(),
      tickets: this.office.outstanding,
      sessions: this.#sessions.size,
      worlds: this.#worlds?.count ?? 0,
      journalWaitingBytes: options.journals().waitingBytes,
      journalKeptBytes: options.journals().keptBytes,
      homeserverAgeMs: this.#homeserverAgeMs(),
    }));
    this.metrics.addProcess();
    const origins = new Origins(server.origins);
    const { servedBytesPerSecond: perSecond, servedBurstBytes: burst } = config.files;
    const budget = new RateBudget({ perSecond, burst, now });
    const files = { shelf: options.shelf ?? null, budget, timers };
    const routes = new HttpRoutes({
      prefix: new URL(this.url).pathname.replace(/\/+$/, ''),
      about: {
        ...{ type: RELAY_TRANSPORT, lane_version: LANE_VERSION },
        ...{ url: this.url, user_id: userId, guests: worlds.guests },
      },
      ...{
        origins,
        log,
        metrics: this.metrics,
        metricsToken: secrets.metricsToken,
        services: options.services,
        gateway: new Gateway(files),
        routing: new ProviderRouting({ ...files, url: this.url }),
      },
      sessions: new SessionRoutes(this.office, this.#sessions, limits.requestBytes),
      readiness: new ReadinessProbe([...options.checks, this.#freshness()], now),
      isDraining: () => this.#server.isDraining,
    });
    this.#server = new RelayServer({
      ...{ http, limits, origins, routes, timers, log, metrics: this.metrics },
      addresses: new ClientAddresses(server.trustedProxies),
      connection: {
        redeem: (hello) => this.office.redeem(hello),
        join: (admitted, socket) => this.#worlds?.roomOf(admitted.hello.room)?.join(admitted, socket) ?? null,
      },
    });
  }

  /** From now on people come in. */
  serve(worlds: ServedWorlds): void {
    this.#worlds = worlds;
  }

  /** Answers a request for a ticket, and counts how. */
  issue(request: TicketRequest): TicketAnswer {
    const answer = this.office.issue(request);
    this.metrics.ticket(answer.ok ? 'given' : answer.code);
    return answer;
  }

  /** What was given to this user for this world is void: kicked, banned, left. Their socket is the room's to close. */
  revoke(user: UserId, room: string): void {
    this.office.revoke(user, room);
    this.#sessions.revoke(user, room);
  }

  /** Whether it listens and nobody is on a socket, with or without a hello. */
  get isIdle(): boolean {
    const { greeting, open } = this.#server.figures();
    return this.#closing === null && greeting + open === 0;
  }

  /** Sends everybody away politely: nobody comes in any more, and all are told when their socket will close. */
  async drain(): Promise<void> {
    const { drainMs } = this.#options.config.limits;
    this.#options.log.info({ inMs: drainMs }, 'draining');
    await Promise.all([this.#server.drain(drainMs), this.#worlds?.drain(drainMs)]);
  }

  /** Closes every socket and stops listening. May be called again. */
  close(): Promise<void> {
    this.#closing ??= this.#server.close();
    return this.#closing;
  }

  #homeserverAgeMs(): number | null {
    const lastMs = this.#worlds?.lastAnswerMs() ?? null;
    return lastMs === null ? null : Math.max(0, this.#options.timers.now() - lastMs);
  }

  #freshness(): Check {
    const { readyMs } = this.#options.config.limits;
    return {
      name: 'homeserver',
      run: async () => {
        const ageMs = this.#homeserverAgeMs();
        if (ageMs === null) throw new Error('it has not answered yet');
        if (ageMs > readyMs)
          throw new Error(`it last answered ${ageMs} ms ago, and at most ${readyMs} are fine`);
        return `answered ${ageMs} ms ago`;
      },
    };
  }
}

/** An address to listen on, as it stands in a URL. */
function hostOf(host: string): string {
  if (host === '127.0.0.1' || host === '::1') return 'localhost';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
