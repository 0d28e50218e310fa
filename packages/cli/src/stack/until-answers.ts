import { setTimeout as delay } from 'node:timers/promises';
import type { Exit, GuardedProcess } from './guarded-process.ts';

const POLL_INTERVAL_MS = 60;
const POLL_TIMEOUT_MS = 2_000;

export interface AwaitedHomeserver {
  readonly url: string;
  /** What is asked for; by default what every homeserver answers. */
  readonly path?: string;
  readonly child: GuardedProcess;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Waits for a homeserver, or another server, that was just started; an `Exit` where it ended instead. */
export async function untilAnswers(
  homeserver: AwaitedHomeserver,
): Promise<'answers' | 'aborted' | 'silent' | Exit> {
  const { url, path = '/_matrix/client/versions', child, deadlineMs, signal } = homeserver;
  let exit: Exit | null = null;
  void child.exited.then((ended) => {
    exit = ended;
  });
  const endMs = performance.now() + deadlineMs;
  while (!(await answers(`${url}${path}`))) {
    if (signal?.aborted) return 'aborted';
    if (exit !== null) return exit;
    if (performance.now() > endMs) return 'silent';
    await delay(POLL_INTERVAL_MS);
  }
  return 'answers';
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(POLL_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
