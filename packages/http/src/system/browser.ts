import type { AskOptions, HttpAnswer } from '../http-answer.ts';
import { webAsk } from '../web-answer.ts';

/** Asks one address, without cookies and without saying who referred to it, and goes nowhere else: a redirect rejects. */
export function ask(url: URL, options: AskOptions = {}): Promise<HttpAnswer> {
  return webAsk(fetch, url, options);
}
