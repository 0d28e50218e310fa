import type { HttpAnswer } from '@weft/http';
import type { AssetError } from '../asset-error.ts';
import type { HttpGet } from '../http/http-get.ts';
import type { AssetSource, FetchFileOptions } from './asset-source.ts';
import { collect } from './collect.ts';
import { sourceError, sourceErrorOf } from './source-error.ts';

/** Redirects from one address, where the platform leaves them to us; browsers have a bound of their own. */
export const MAX_REDIRECTS = 5;
/** Longer than what people write: addresses that a server signs are long. */
const MAX_REDIRECT_CHARACTERS = 4_096;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const DENIED: ReadonlySet<number> = new Set([401, 403, 407, 451]);
const MISSING: ReadonlySet<number> = new Set([404, 410]);

/** Files of web servers: asked over https only, redirects included, without credentials and without a referrer. */
export function httpsSource(get: HttpGet): AssetSource<'https'> {
  return {
    scheme: 'https',
    async fetch({ text, url }, options) {
      const answer = await askThrough(get, text, url, options);
      const refusal = refusalOf(text, answer.status);
      try {
        if (refusal !== null) throw refusal;
        const bytes = await collect(text, answer, options);
        return { bytes, type: answer.type };
      } catch (error) {
        answer.cancel();
        throw error;
      }
    },
  };
}

/** The first answer that is no redirect. */
async function askThrough(
  get: HttpGet,
  address: string,
  start: URL,
  { signal }: FetchFileOptions,
): Promise<HttpAnswer> {
  let url = start;
  for (let redirects = 0; ; redirects += 1) {
    let answer: HttpAnswer;
    try {
      signal.throwIfAborted();
      answer = await get(url, { signal });
    } catch (error) {
      throw sourceErrorOf(address, signal, error);
    }
    if (!REDIRECTS.has(answer.status)) return answer;
    answer.cancel();
    if (redirects === MAX_REDIRECTS) {
      throw sourceError('bad-redirect', address, `more than ${MAX_REDIRECTS} redirects`);
    }
    url = next(address, url, answer.location);
  }
}

function next(address: string, from: URL, location: string | null): URL {
  const target = location === null ? null : URL.parse(location, from);
  const isUsable =
    target?.protocol === 'https:' &&
    target.username + target.password === '' &&
    target.href.length <= MAX_REDIRECT_CHARACTERS;
  if (isUsable) return target;
  throw sourceError('bad-redirect', address, `a redirect to ${location ?? 'nowhere'}`);
}

function refusalOf(address: string, status: number): AssetError | null {
  if (status === 200) return null;
  const got = `the answer ${status}`;
  if (DENIED.has(status)) return sourceError('denied', address, got);
  return sourceError(MISSING.has(status) ? 'missing' : 'unreachable', address, got);
}
