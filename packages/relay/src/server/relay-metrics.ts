import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Tally } from './tally.ts';

/** What is counted when somebody asks, not as it happens. */
export interface Observed {
  readonly greeting: number;
  readonly open: number;
  readonly addresses: number;
  /** Bytes that were sent and not taken over by the system: of all sockets, and of the one with most. */
  readonly queuedBytes: number;
  readonly mostQueuedBytes: number;
  readonly tickets: number;
  readonly sessions: number;
  readonly worlds: number;
  readonly journalWaitingBytes: number;
  readonly journalKeptBytes: number;
  /** Milliseconds since the homeserver last answered; `null` before the first time. */
  readonly homeserverAgeMs: number | null;
}

const PREFIX = 'weft_relay_';
const COMMIT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** The figures of a relay in Prometheus' text format. Labels come from fixed sets: nobody outside can invent one. */
export class RelayMetrics {
  readonly #registry = new Registry();
  readonly #tallies = { framesIn: new Tally(), framesOut: new Tally(), bytes: new Tally() };
  readonly #closes = this.#counter('closes_total', 'Lane sockets that were closed, by code and side', [
    'code',
    'by',
  ]);
  readonly #rejected = this.#counter('rejected_total', 'Connections turned away before a lane, by reason', [
    'reason',
  ]);
  readonly #hellos = this.#counter('hellos_total', 'Hellos by outcome', ['outcome']);
  readonly #tickets = this.#counter('ticket_requests_total', 'Requests for tickets by outcome', ['outcome']);
  readonly #requests = this.#counter('http_requests_total', 'HTTP requests by route and status', [
    'route',
    'status',
  ]);
  readonly #pauses = this.#counter('paused_reads_total', 'Times that a socket was read more slowly', []);
  readonly #failures = this.#counter('failures_total', 'Defects that were survived, by place', ['place']);
  readonly #commits = new Histogram({
    name: `${PREFIX}commit_seconds`,
    help: 'How long the journal takes to make writes safe',
    buckets: COMMIT_SECONDS,
    registers: [this.#registry],
  });

  /** @param observe asked once for each reading of the figures */
  constructor(observe: () => Observed) {
    let seen: Observed | null = null;
    const read = (): Observed => {
      // All gauges of one reading speak of one moment.
      if (seen === null) {
        seen = observe();
        queueMicrotask(() => {
          seen = null;
        });
      }
      return seen;
    };
    this.#tallied();
    const sockets = new Gauge({
      name: `${PREFIX}sockets`,
      help: 'Lane sockets by state',
      labelNames: ['state'],
      registers: [this.#registry],
      collect: () => {
        sockets.set({ state: 'greeting' }, read().greeting);
        sockets.set({ state: 'open' }, read().open);
      },
    });
    this.#gauge('addresses', 'Addresses that have a connection', () => read().addresses);
    this.#gauge('queued_bytes', 'Bytes that wait for readers', () => read().queuedBytes);
    this.#gauge('most_queued_bytes', 'Bytes that wait for the slowest reader', () => read().mostQueuedBytes);
    this.#gauge('tickets', 'Tickets that were given and not shown', () => read().tickets);
    this.#gauge('sessions', 'Sessions of services', () => read().sessions);
    this.#gauge('worlds', 'Worlds that are served', () => read().worlds);
    this.#gauge('journal_waiting_bytes', 'Bytes that wait for a commit', () => read().journalWaitingBytes);
    this.#gauge('journal_kept_bytes', 'Bytes that journals keep', () => read().journalKeptBytes);
    this.#gauge('homeserver_age_seconds', 'Time since the homeserver last answered', () => {
      const { homeserverAgeMs } = read();
      return homeserverAgeMs === null ? Number.NaN : homeserverAgeMs / 1000;
    });
  }

  /** From now on the figures of the process are among them. */
  addProcess(): void {
    collectDefaultMetrics({ register: this.#registry });
  }

  received(kind: string): void {
    this.#tallies.framesIn.add(kind);
  }

  sent(kind: string, bytes: number): void {
    this.#tallies.framesOut.add(kind);
    this.#tallies.bytes.add('out', bytes);
  }

  receivedBytes(bytes: number): void {
    this.#tallies.bytes.add('in', bytes);
  }

  /** Codes that are none of ours or of RFC 6455 count as `other`: a peer chooses what it sends. */
  closed(code: number, by: 'relay' | 'client'): void {
    this.#closes.inc({ code: isKnownCode(code) ? String(code) : 'other', by });
  }

  rejected(reason: string): void {
    this.#rejected.inc({ reason });
  }

  hello(outcome: 'admitted' | 'refused'): void {
    this.#hellos.inc({ outcome });
  }

  ticket(outcome: string): void {
    this.#tickets.inc({ outcome });
  }

  request(route: string, status: number): void {
    this.#requests.inc({ route, status: String(status) });
  }

  paused(): void {
    this.#pauses.inc();
  }

  failure(place: string): void {
    this.#failures.inc({ place });
  }

  committed(ms: number): void {
    this.#commits.observe(ms / 1000);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #tallied(): void {
    const { framesIn, framesOut, bytes } = this.#tallies;
    const frames = new Counter({
      ...{ name: `${PREFIX}frames_total`, help: 'Frames by direction and kind' },
      ...{ labelNames: ['direction', 'kind'], registers: [this.#registry] },
      collect: () => {
        framesIn.drain((kind, count) => frames.inc({ direction: 'in', kind }, count));
        framesOut.drain((kind, count) => frames.inc({ direction: 'out', kind }, count));
      },
    });
    const counted = new Counter({
      ...{ name: `${PREFIX}bytes_total`, help: 'Bytes of lane sockets by direction' },
      ...{ labelNames: ['direction'], registers: [this.#registry] },
      collect: () => bytes.drain((direction, count) => counted.inc({ direction }, count)),
    });
  }

  #counter<const Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name: PREFIX + name, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, value: () => number): void {
    const gauge: Gauge = new Gauge({
      name: PREFIX + name,
      help,
      registers: [this.#registry],
      collect: () => {
        gauge.set(value());
      },
    });
  }
}

function isKnownCode(code: number): boolean {
  return (code >= 1000 && code <= 1015) || (code >= 4400 && code <= 4599);
}
