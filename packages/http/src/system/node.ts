import type { AskOptions, HttpAnswer } from '../http-answer.ts';

/**
 * Asks one address, without cookies and without saying who referred to it, and goes nowhere else: a redirect is an answer. It goes the
 * way of all requests of this program: `setGlobalDispatcher` of undici changes it.
 */
export async function ask(url: URL, options: AskOptions = {}): Promise<HttpAnswer> {
  // Not before it is needed: loading undici takes a moment.
  const [{ getGlobalDispatcher }, { nodeAsk }] = await Promise.all([
    import('undici'),
    import('./node-ask.ts'),
  ]);
  return nodeAsk(getGlobalDispatcher(), url, options);
}
