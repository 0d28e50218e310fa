import { webAnswer } from '@weft/http';
import { AssetError } from '../asset-error.ts';
import { forbiddenHost } from './forbidden-host.ts';
import { HostGuard } from './host-guard.ts';
import type { HttpGet } from './http-get.ts';

/**
 * Requests of a page. Which addresses a name leads to only the browser knows; it is the browser that follows redirects and keeps
 * pages from private networks. What is plain from the text is refused here, and so is an answer that did not come over https.
 */
export function webGet(allowed: readonly string[] = []): HttpGet {
  const guard = new HostGuard(allowed);
  return async (url, { signal, headers = {} }) => {
    if (!guard.allowsHost(url.hostname)) throw forbiddenHost(url, url.hostname);
    const answer = await fetch(url, {
      headers,
      signal,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      // The files have a cache of their own, in which they are verified.
      cache: 'no-store',
    });
    if (answer.redirected && !answer.url.startsWith('https:')) {
      await answer.body?.cancel();
      throw new AssetError('bad-redirect', {
        what: `fetch from ${url.host}`,
        expected: 'a redirect to https:',
        got: `one to ${answer.url}`,
        hint: 'Use the address that it leads to, over https.',
      });
    }
    return webAnswer(answer);
  };
}
