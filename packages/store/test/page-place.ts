import { StoreError, type StoreErrorCode, type StorePlace, type WorldStore } from '@weft/store';
import type { Frame, Page } from 'playwright-core';
import type { Answer } from './page/page.ts';

/** The storage of a real page, from outside: what is asked of it is done in there. */
export class PagePlace implements StorePlace {
  readonly #page: Page | Frame;

  constructor(page: Page | Frame) {
    this.#page = page;
  }

  async open(name: string): Promise<WorldStore> {
    return pageStore(this, String(await this.call('open', name)));
  }

  async setAside(name: string): Promise<string> {
    return String(await this.call('setAside', name));
  }

  async recall(note: string): Promise<string | null> {
    const text = await this.call('recall', note);
    return typeof text === 'string' ? text : null;
  }

  async remember(note: string, text: string): Promise<void> {
    await this.call('remember', note, text);
  }

  async call(name: string, ...args: readonly string[]): Promise<unknown> {
    const answer: Answer = await this.#page.evaluate(
      ([asked, given]) => (globalThis as unknown as PageGlobals).call(asked, given),
      [name, args] as const,
    );
    if ('value' in answer) return answer.value;
    const { code, key, message } = answer.error;
    throw new StoreError(code as StoreErrorCode, {
      what: name,
      expected: 'what the page says',
      got: message,
      ...(key === null ? {} : { key }),
    });
  }
}

interface PageGlobals {
  call(name: string, args: readonly string[]): Promise<Answer>;
}

function pageStore(place: PagePlace, handle: string): WorldStore {
  return {
    outlivesProcess: true,
    async read(key) {
      const found = await place.call('read', handle, key);
      return typeof found === 'string' ? decoded(found) : null;
    },
    async readAll(prefix) {
      const found = (await place.call('readAll', handle, prefix)) as [string, string][];
      return new Map(found.map(([key, bytes]) => [key, decoded(bytes)]));
    },
    async keys(prefix) {
      return (await place.call('keys', handle, prefix)) as string[];
    },
    async write({ put = new Map(), remove = [] }) {
      const entries = [...put].map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')]);
      await place.call('write', handle, JSON.stringify(entries), JSON.stringify([...remove]));
    },
    async close() {
      await place.call('close', handle);
    },
  };
}

function decoded(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
