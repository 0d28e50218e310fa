import { type MatrixClient, Method } from 'matrix-js-sdk';
import { HomeserverError } from '../errors.ts';
import { type EventId, parseEventId, type RoomId, serverOf } from '../ids.ts';
import { isRecord, type JsonRecord, member, stringMember } from '../json.ts';
import type { MessageContent, RequestOptions, StateContent } from '../request.ts';
import { MAX_RTC_TRANSPORTS, type RtcFeatures, type RtcServer } from '../rtc-server.ts';
import { type StickyEvent, stickyEventsOf } from '../sticky-event.ts';
import type { Call } from './call.ts';
import { mapError } from './map-error.ts';
import { timeLimit } from './own-client.ts';
import { sendPath, statePath } from './paths.ts';
import { NO_EVENTS, syncFilter } from './sync-filter.ts';
import { eventsOf, uncached } from './sync-loop.ts';
import { unless } from './timeline.ts';

export interface ClientRtcOptions {
  readonly client: MatrixClient;
  readonly call: (call: Call) => Promise<unknown>;
  readonly transaction: () => string;
  /** A fraction in [0, 1). */
  readonly fraction: () => number;
}

/** As Synapse 1.163 has them; nothing has stable names yet. */
const STICKY = 'org.matrix.msc4354';
const STICKY_DURATION = 'org.matrix.msc4354.sticky_duration_ms';
const DELAYED = 'org.matrix.msc4140';
const DELAY = 'org.matrix.msc4140.delay';
const TRANSPORTS = 'org.matrix.msc4143';
const FOCI = ['org.matrix.msc4143.rtc_foci', 'm.rtc_foci'];
const UNSTABLE = '/_matrix/client/unstable';
const V1 = '/_matrix/client/v1';
const WELL_KNOWN_TIMEOUT_MS = 10_000;

/** What live sessions need of a homeserver, through matrix-js-sdk's HTTP. */
export class ClientRtc implements RtcServer {
  readonly #options: ClientRtcOptions;
  #versions: Promise<unknown> | null = null;

  constructor(options: ClientRtcOptions) {
    this.#options = options;
  }

  async features(): Promise<RtcFeatures> {
    const versions = await this.#unstable();
    return { sticky: member(versions, STICKY) === true, delayed: member(versions, DELAYED) === true };
  }

  async sendSticky(
    room: RoomId,
    { type, content }: MessageContent,
    durationMs: number,
    options?: RequestOptions,
  ): Promise<EventId> {
    const what = `send ${type}`;
    if (!(await this.features()).sticky) throw unsupported(what, 'events that a room remembers');
    const answer = await this.#options.call({
      what,
      method: Method.Put,
      path: sendPath(room, type, this.#options.transaction()),
      query: { [STICKY_DURATION]: String(durationMs) },
      body: content,
      options,
    });
    return parseEventId(member(answer, 'event_id'));
  }

  async readSticky(room: RoomId, options?: RequestOptions): Promise<readonly StickyEvent[]> {
    if (!(await this.features()).sticky) return [];
    const timeline = { ...NO_EVENTS, limit: 1, ...uncached(this.#options.fraction) };
    const filter = syncFilter({ rooms: [room], state: NO_EVENTS, timeline });
    const answer = await this.#options.call({
      what: `read what sticks in ${room}`,
      method: Method.Get,
      path: '/sync',
      query: { filter: JSON.stringify(filter), timeout: '0', set_presence: 'offline' },
      options,
    });
    const found = member(member(member(answer, 'rooms'), 'join'), room);
    return stickyEventsOf(eventsOf(member(found, 'sticky') ?? member(found, 'msc4354_sticky')));
  }

  delayState(room: RoomId, state: StateContent, delayMs: number, options?: RequestOptions): Promise<string> {
    const { type, stateKey, content } = state;
    const call = { what: `prepare ${type}`, path: statePath(room, type, stateKey), body: content, options };
    return this.#delay({ ...call, method: Method.Put, query: { [DELAY]: String(delayMs) } });
  }

  delaySticky(
    room: RoomId,
    { type, content }: MessageContent,
    times: { readonly delayMs: number; readonly durationMs: number },
    options?: RequestOptions,
  ): Promise<string> {
    const path = sendPath(room, type, this.#options.transaction());
    const query = { [DELAY]: String(times.delayMs), [STICKY_DURATION]: String(times.durationMs) };
    return this.#delay({ what: `prepare ${type}`, method: Method.Put, path, body: content, query, options });
  }

  restartDelayed(delay: string, options?: RequestOptions): Promise<void> {
    return this.#change(delay, 'restart', options);
  }

  async cancelDelayed(delay: string, options?: RequestOptions): Promise<void> {
    await unless(['not-found'], this.#change(delay, 'cancel', options));
  }

  async transports(options?: RequestOptions): Promise<readonly JsonRecord[]> {
    const isUnstable = member(await this.#unstable(), TRANSPORTS) === true;
    const answer = await unless(
      ['not-found', 'unsupported', 'not-a-homeserver'],
      this.#options.call({
        what: 'ask for the transports of live sessions',
        method: Method.Get,
        prefix: isUnstable ? UNSTABLE : V1,
        path: isUnstable ? `/${TRANSPORTS}/rtc/transports` : '/rtc/transports',
        options,
      }),
    );
    return recordsOf(member(answer, 'transports') ?? member(answer, 'rtc_transports'));
  }

  // The server itself is asked before its name, which need not resolve from here.
  async wellKnownTransports(options?: RequestOptions): Promise<readonly JsonRecord[]> {
    const { client } = this.#options;
    const server = serverOf(client.getSafeUserId());
    const places = [client.getHomeserverUrl(), ...(server === null ? [] : [`https://${server}`])];
    for (const baseUrl of places) {
      const answer = await this.#wellKnown(baseUrl, options?.signal);
      const foci = FOCI.map((key) => recordsOf(member(answer, key))).find((found) => found.length > 0);
      if (foci !== undefined) return foci;
    }
    return [];
  }

  // Not every server has the file, and where there is none there is nothing to tell.
  async #wellKnown(baseUrl: string, signal: AbortSignal | undefined): Promise<unknown> {
    try {
      return await this.#options.client.http.request<unknown>(
        Method.Get,
        '/.well-known/matrix/client',
        undefined,
        undefined,
        { prefix: '', baseUrl, abortSignal: timeLimit(WELL_KNOWN_TIMEOUT_MS, signal) },
      );
    } catch (error) {
      if (signal?.aborted === true)
        throw mapError('look for the transports of live sessions', error, baseUrl);
      return null;
    }
  }

  #unstable(): Promise<unknown> {
    this.#versions ??= this.#readVersions().catch((error: unknown) => {
      this.#versions = null;
      throw error;
    });
    return this.#versions;
  }

  async #readVersions(): Promise<unknown> {
    const answer = await this.#options.call({
      what: 'ask what the homeserver can do',
      method: Method.Get,
      prefix: '/_matrix/client',
      path: '/versions',
      // Not the caller's, since the answer is everybody's.
      options: undefined,
    });
    return member(answer, 'unstable_features');
  }

  // A server without delayed events would write at once.
  async #delay(call: Call): Promise<string> {
    if (!(await this.features()).delayed) throw unsupported(call.what, 'events that are sent later');
    const delay = stringMember(await this.#options.call(call), 'delay_id');
    if (delay === null) throw unsupported(call.what, 'events that are sent later');
    return delay;
  }

  async #change(delay: string, action: 'restart' | 'cancel', options?: RequestOptions): Promise<void> {
    await this.#options.call({
      what: `${action} what was to be sent later`,
      method: Method.Post,
      prefix: UNSTABLE,
      path: `/${DELAYED}/delayed_events/${encodeURIComponent(delay)}/${action}`,
      body: {},
      options,
    });
  }
}

function recordsOf(list: unknown): readonly JsonRecord[] {
  return Array.isArray(list) ? list.slice(0, MAX_RTC_TRANSPORTS).filter(isRecord) : [];
}

function unsupported(what: string, feature: string): HomeserverError {
  return new HomeserverError('unsupported', {
    what,
    got: `the homeserver does not have ${feature}`,
    hint: 'Weft does without where it can; an operator can turn it on.',
  });
}
