import { randomBytes } from 'node:crypto';
import type { Account } from '@weft/cli/stack';
import { inject } from 'vitest';

/** The Synapse that every test file of a run shares; limits are lifted, so tests run as fast as it answers. */
export interface SharedSynapse {
  readonly homeserverUrl: string;
  /** A user whom no other test knows; the name only helps whoever reads a log. */
  account(name?: string): Promise<Account>;
  /** The same, who may use the admin API. */
  administrator(): Promise<Account>;
  /** Stops it and starts it again on the same data: only for files that no other file runs beside. */
  restart(): Promise<void>;
}

const SUFFIX_BYTES = 4;

/**
 * Only in `*.synapse.test.ts` and `*.browser.test.ts`, whose projects start it.
 * @throws Error where a unit test asks for it
 */
export async function synapse(): Promise<SharedSynapse> {
  const url = inject('fixtureServerUrl');
  if (url === undefined) {
    throw new Error('No Synapse in this project: name the file *.synapse.test.ts or *.browser.test.ts.');
  }
  const { homeserverUrl } = await ask(`${url}/stack`, ['homeserverUrl']);
  const make = (verb: string, name: string): Promise<Account> => {
    const unique = `${name}-${randomBytes(SUFFIX_BYTES).toString('hex')}`;
    const keys = ['homeserver', 'userId', 'token', 'deviceId', 'password'] as const;
    return ask(`${url}/${verb}/${encodeURIComponent(unique)}`, keys);
  };
  return {
    homeserverUrl,
    account: (name = 'user') => make('account', name),
    administrator: () => make('administrator', 'administrator'),
    async restart() {
      await ask(`${url}/restart`, []);
    },
  };
}

async function ask<Key extends string>(url: string, keys: readonly Key[]): Promise<Record<Key, string>> {
  const response = await fetch(url, { method: 'POST' });
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null || !response.ok) {
    throw new Error(`The fixture server answered ${response.status}: ${JSON.stringify(body)}`);
  }
  const texts: Partial<Record<Key, string>> = {};
  for (const key of keys) {
    const value: unknown = Reflect.get(body, key);
    if (typeof value !== 'string') throw new Error(`The fixture server answered without "${key}"`);
    texts[key] = value;
  }
  return texts as Record<Key, string>;
}
