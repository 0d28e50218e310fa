import type { AskOptions, HttpAnswer } from '../http-answer.ts';
import { webAnswer } from '../web-answer.ts';

/** Asks one address, without cookies and without saying who referred to it, and goes nowhere else: a redirect rejects. */
export async function ask(url: URL, { headers = {}, signal }: AskOptions = {}): Promise<HttpAnswer> {
  const answer = await fetch(url, {
    headers,
    redirect: 'error',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    ...(signal === undefined ? {} : { signal }),
  });
  return webAnswer(answer);
}
