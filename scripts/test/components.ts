import { StackError } from '@weft/cli/stack';
import { CHROMIUM_VARIABLE, ChromiumError, ensureChromium } from '@weft/testing/chromium';
import { FIXTURE_SERVER_VARIABLE, serveFixtures, showProgress, startTestStack } from '@weft/testing/synapse';

/** What a suite needs from outside npm. */
export type Component = 'synapse' | 'chromium';

/** Ready, or why it cannot be had on this machine; anything else is thrown, since it is a fault and no lack. */
export type Readiness =
  | { readonly state: 'ready'; readonly stop: () => Promise<void> }
  | { readonly state: 'unavailable'; readonly reason: string };

const UNAVAILABLE: ReadonlySet<string> = new Set(['no-python', 'install-failed']);

/** Installs and starts a component and tells the processes that run the tests where it is. */
export function prepare(component: Component, signal: AbortSignal): Promise<Readiness> {
  return component === 'synapse' ? prepareSynapse(signal) : prepareChromium();
}

async function prepareSynapse(signal: AbortSignal): Promise<Readiness> {
  try {
    const { stack, stop } = await startTestStack({ rateLimits: 'relaxed', onProgress: showProgress, signal });
    const server = await serveFixtures(stack);
    process.env[FIXTURE_SERVER_VARIABLE] = server.url;
    return {
      state: 'ready',
      async stop() {
        await server.close();
        await stop();
      },
    };
  } catch (error) {
    if (error instanceof StackError && UNAVAILABLE.has(error.code)) {
      return { state: 'unavailable', reason: error.message };
    }
    throw error;
  }
}

async function prepareChromium(): Promise<Readiness> {
  try {
    process.env[CHROMIUM_VARIABLE] = await ensureChromium();
    return { state: 'ready', stop: async () => undefined };
  } catch (error) {
    if (error instanceof ChromiumError) return { state: 'unavailable', reason: error.message };
    throw error;
  }
}
