import { installSynapse, StackError } from '@weft/cli/stack';
import { WEFT_DIRECTORY } from '@weft/testing';
import { CHROMIUM_VARIABLE, ChromiumError, ensureChromium } from '@weft/testing/chromium';
import { buildDendrite, forgetAbandonedInstances, GoProgramError } from '@weft/testing/federation';
import { buildKubo } from '@weft/testing/kubo';
import { FIXTURE_SERVER_VARIABLE, serveFixtures, showProgress, startTestStack } from '@weft/testing/synapse';

/** What a suite needs from outside npm. */
export type Component = 'synapse' | 'chromium' | 'federation' | 'kubo';

/** Ready, or why it cannot be had on this machine; anything else is thrown, since it is a fault and no lack. */
export type Readiness =
  | { readonly state: 'ready'; readonly stop: () => Promise<void> }
  | { readonly state: 'unavailable'; readonly reason: string };

const UNAVAILABLE: ReadonlySet<string> = new Set(['no-python', 'install-failed', 'no-go', 'build-failed']);

/** Installs and starts a component and tells the processes that run the tests where it is. */
export function prepare(component: Component, signal: AbortSignal): Promise<Readiness> {
  return PREPARE[component](signal);
}

const PREPARE: Readonly<Record<Component, (signal: AbortSignal) => Promise<Readiness>>> = {
  synapse: prepareSynapse,
  chromium: prepareChromium,
  federation: prepareFederation,
  kubo: prepareKubo,
};

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

let building: Promise<unknown> = Promise.resolve();

/** Of two builds at once both are done late; one after the other, as they were asked for, what needs the first is tested meanwhile. */
function inTurn(build: () => Promise<unknown>): Promise<unknown> {
  const built = building.then(build);
  building = built.catch(() => undefined);
  return built;
}

/** The servers themselves are started by the tests, each file its own. */
async function prepareFederation(signal: AbortSignal): Promise<Readiness> {
  try {
    await inTurn(async () => {
      await installSynapse({ directory: WEFT_DIRECTORY, onProgress: showProgress, signal });
      await buildDendrite({ onProgress: showProgress, signal });
    });
    return { state: 'ready', stop: forgetAbandonedInstances };
  } catch (error) {
    if ((error instanceof StackError || error instanceof GoProgramError) && UNAVAILABLE.has(error.code)) {
      return { state: 'unavailable', reason: error.message };
    }
    throw error;
  }
}

/** Started by the tests too, each file its own. */
async function prepareKubo(signal: AbortSignal): Promise<Readiness> {
  try {
    await inTurn(() => buildKubo({ onProgress: showProgress, signal }));
    return { state: 'ready', stop: forgetAbandonedInstances };
  } catch (error) {
    if ((error instanceof StackError || error instanceof GoProgramError) && UNAVAILABLE.has(error.code)) {
      return { state: 'unavailable', reason: error.message };
    }
    throw error;
  }
}
