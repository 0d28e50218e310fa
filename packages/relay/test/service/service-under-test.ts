import { toBase64Url } from '@weft/core';
import { readConfig } from '../../src/config/read-config.ts';
import { services } from '../../src/service/services.ts';
import { ALICE, EdgeUnderTest, ROOM } from '../edge/edge-under-test.ts';
import { LaneUnderTest } from '../lane/lane-under-test.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

/** The HTTP interface over a live room with a journal, on a real port; time passes while an answer is waited for. */
export class ServiceUnderTest {
  readonly lane: LaneUnderTest;
  readonly edge: EdgeUnderTest;

  private constructor(lane: LaneUnderTest, edge: EdgeUnderTest) {
    this.lane = lane;
    this.edge = edge;
  }

  static async open(settings: object = {}): Promise<ServiceUnderTest> {
    const lane = await LaneUnderTest.open();
    const config = readConfig(
      'the test',
      { homeserver: { url: 'http://localhost' }, services: settings },
      {},
    );
    const edge = await EdgeUnderTest.open({
      services: services({
        find: (room) => (room === ROOM ? { room: lane.room, world: lane.world } : null),
        limits: { ...config.services, requestBytes: config.limits.requestBytes },
        timers: lane.timers,
        random: lane.random.bytes,
      }),
    });
    return new ServiceUnderTest(lane, edge);
  }

  /** The token of a user's program. */
  async token(user = ALICE): Promise<string> {
    const nonce = toBase64Url(this.lane.random.bytes(18));
    const ticket = this.edge.ticketFor(null, user, nonce);
    const { json } = await this.#passing(
      this.#fetch('session', '', { method: 'POST', body: JSON.stringify({ ticket }) }),
    );
    return String(Object(json).token);
  }

  post(token: string, name: string, body: unknown, room = ROOM): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.#passing(this.#fetch(pathOf(room, name), token, { method: 'POST', body: text }));
  }

  get(token: string, name: string): Promise<Answer> {
    return this.#passing(this.#fetch(pathOf(ROOM, name), token, {}));
  }

  /** Opens a live query; the events come one by one. */
  async live(token: string, query: object, signal: AbortSignal): Promise<AsyncGenerator<Event>> {
    const path = `${pathOf(ROOM, 'live')}?query=${encodeURIComponent(JSON.stringify(query))}`;
    const response = await fetch(`${this.edge.httpUrl}/v1/${path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal,
    });
    if (response.body === null || response.status !== 200) throw new Error(await response.text());
    return eventsOf(response.body);
  }

  async close(): Promise<void> {
    await this.lane.close();
    await this.edge.close();
  }

  async #fetch(path: string, token: string, init: RequestInit): Promise<Answer> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${this.edge.httpUrl}/v1/${path}`, { ...init, headers });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      json: text === '' ? null : JSON.parse(text),
    };
  }

  async #passing<T>(answer: Promise<T>): Promise<T> {
    let isOver = false;
    const over = answer.finally(() => {
      isOver = true;
    });
    over.catch(() => undefined);
    while (!isOver) {
      await this.lane.timers.advance(1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return over;
  }
}

export interface Event {
  readonly name: string;
  readonly data: unknown;
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Event> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const of = (field: string) =>
        lines.find((line) => line.startsWith(`${field}: `))?.slice(field.length + 2);
      const data = of('data');
      if (data !== undefined) yield { name: of('event') ?? '', data: JSON.parse(data) };
    }
  }
}

function pathOf(room: string, name: string): string {
  return `worlds/${encodeURIComponent(room)}/${name}`;
}
