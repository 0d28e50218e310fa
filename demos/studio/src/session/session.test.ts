import { beforeEach, describe, expect, it } from 'vitest';
import {
  findSession,
  forgetSession,
  isWebAddress,
  type Page,
  readSession,
  sessionOfFragment,
} from './session.ts';

const SESSION = { homeserver: 'http://127.0.0.1:8008', token: 'syt_a', world: '!room' } as const;
const FRAGMENT = `#homeserver=${encodeURIComponent(SESSION.homeserver)}&token=syt_a&world=!room`;

let stored: Map<string, string>;
let asked: string[];
let stripped: number;

function page(over: Partial<Page> = {}): Page {
  return {
    path: '/builder',
    fragment: '',
    store: {
      getItem: (key) => stored.get(key) ?? null,
      setItem: (key, value) => void stored.set(key, value),
      removeItem: (key) => void stored.delete(key),
    },
    async fetchJson(path) {
      asked.push(path);
      return { ...SESSION, userId: '@builder:a', deviceId: 'D' };
    },
    stripFragment() {
      stripped += 1;
    },
    ...over,
  };
}

beforeEach(() => {
  stored = new Map();
  asked = [];
  stripped = 0;
});

describe('finding a session', () => {
  it('asks the server for the session that the page is named after', async () => {
    expect(await findSession(page())).toEqual({ kind: 'token', ...SESSION });
    expect(asked).toEqual(['/session/builder.json']);
  });

  it('prefers what the address carries, keeps it for this tab and takes it out of the address', async () => {
    expect(await findSession(page({ fragment: FRAGMENT }))).toEqual({ kind: 'token', ...SESSION });
    expect([asked, stripped]).toEqual([[], 1]);
    expect(await findSession(page({ path: '/' }))).toEqual({ kind: 'token', ...SESSION });
  });

  it('finds none where nobody knows one, and then the form has to ask', async () => {
    const noServer = page({ fetchJson: () => Promise.reject(new Error('404')) });
    expect(await findSession(noServer)).toBeNull();
    expect(await findSession(page({ path: '/' }))).toBeNull();
    expect(await findSession(page({ path: '/../../etc/passwd' }))).toBeNull();
  });

  it('passes over what is stored and broken', async () => {
    stored.set('weft.session', '{"token":');
    expect(await findSession(page({ path: '/' }))).toBeNull();
  });

  it('forgets', async () => {
    await findSession(page({ fragment: FRAGMENT }));
    forgetSession(page());
    expect(await findSession(page({ path: '/' }))).toBeNull();
  });
});

describe('reading a session', () => {
  it('wants an address of the web, a token and a world', () => {
    expect(readSession(SESSION)).not.toBeNull();
    for (const key of ['homeserver', 'token', 'world'])
      expect(readSession({ ...SESSION, [key]: '' })).toBeNull();
    for (const json of [null, 'text', [], 7, {}]) expect(readSession(json)).toBeNull();
    expect(readSession({ ...SESSION, homeserver: 'javascript:alert(1)' })).toBeNull();
  });

  it('reads a fragment only when it is whole', () => {
    expect(sessionOfFragment(FRAGMENT)).toEqual({ kind: 'token', ...SESSION });
    expect(sessionOfFragment('#world=!room')).toBeNull();
    expect(sessionOfFragment('')).toBeNull();
  });

  it('knows an address of the web', () => {
    expect(['https://a.example', 'http://localhost:8008'].every(isWebAddress)).toBe(true);
    expect(['a.example', 'ftp://a', 'data:,', ''].some(isWebAddress)).toBe(false);
  });
});
