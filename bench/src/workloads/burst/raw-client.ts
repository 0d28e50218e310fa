import { setTimeout } from 'node:timers/promises';
import type { Account } from '@weft/cli/stack';
import { isRecord } from '../../record/process-report.ts';

export interface RawEvent {
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>>;
}

const DEFAULT_RETRY_MS = 5000;
/** One page that holds all that a burst writes. */
const PAGE_EVENTS = 1000;

/** The requests of the client-server API, plain: what a program costs that only does what has to be done. */
export class RawClient {
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  /** Writes state, as often as the homeserver wants to be asked again. */
  async put(room: string, type: string, key: string, content: object): Promise<void> {
    const path = `rooms/${encodeURIComponent(room)}/state/${type}/${encodeURIComponent(key)}`;
    for (;;) {
      const { status, body } = await this.#send('PUT', `client/v3/${path}`, JSON.stringify(content));
      if (status === 200) return;
      if (status !== 429) throw new Error(`PUT ${type}: ${status} ${JSON.stringify(body)}`);
      const retryMs = Number(body.retry_after_ms ?? DEFAULT_RETRY_MS);
      await setTimeout(retryMs);
    }
  }

  async join(room: string): Promise<void> {
    await this.#expect('POST', `client/v3/join/${encodeURIComponent(room)}`, '{}');
  }

  async upload(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const { content_uri: uri } = await this.#expect('POST', 'media/v3/upload', bytes);
    return String(uri);
  }

  async download(uri: string): Promise<number> {
    const { homeserver, token } = this.#account;
    const url = `${homeserver}/_matrix/client/v1/media/download/${uri.slice('mxc://'.length)}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`download: ${response.status}`);
    return (await response.arrayBuffer()).byteLength;
  }

  /** Resolves when a sync has told of so many state events of a type. */
  async sees(room: string, type: string, count: number, ready: () => void): Promise<void> {
    let since = await this.#sync(room, null, () => undefined);
    ready();
    let seen = 0;
    while (seen < count)
      since = await this.#sync(room, since, (event) => {
        if (isRecord(event) && event.type === type) seen += 1;
      });
  }

  /** Every state event of the room's timeline, oldest first. */
  async stateEvents(room: string): Promise<readonly RawEvent[]> {
    const query = new URLSearchParams({ dir: 'b', limit: String(PAGE_EVENTS) });
    const { chunk } = await this.#expect(
      'GET',
      `client/v3/rooms/${encodeURIComponent(room)}/messages?${query}`,
    );
    const events: readonly unknown[] = Array.isArray(chunk) ? chunk : [];
    return events
      .flatMap((event) =>
        isRecord(event) && typeof event.type === 'string' && isRecord(event.content) && 'state_key' in event
          ? [{ type: event.type, content: event.content }]
          : [],
      )
      .toReversed();
  }

  async #sync(room: string, since: string | null, note: (event: unknown) => void): Promise<string> {
    const filter = { room: { rooms: [room], timeline: { limit: 100 } }, presence: { types: [] } };
    const query = new URLSearchParams({
      timeout: since === null ? '0' : '30000',
      filter: JSON.stringify(filter),
    });
    if (since !== null) query.set('since', since);
    const body = await this.#expect('GET', `client/v3/sync?${query}`);
    const joined = member(member(member(member(body, 'rooms'), 'join'), room), 'timeline');
    const events: unknown = member(joined, 'events');
    for (const event of Array.isArray(events) ? events : []) note(event);
    return String(body.next_batch);
  }

  async #expect(method: string, path: string, body?: BodyInit): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.#send(method, path, body);
    if (answer.status !== 200)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async #send(
    method: string,
    path: string,
    body?: BodyInit,
  ): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
    const { homeserver, token } = this.#account;
    const response = await fetch(`${homeserver}/_matrix/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body }),
    });
    const answer: unknown = await response.json();
    return { status: response.status, body: isRecord(answer) ? answer : {} };
  }
}

function member(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}
