import { CommandError } from '../failure.ts';
import type { LocalRelay } from '../stack/local-relay.ts';
import type { LaneClient, Way } from './lane-client.ts';
import type { CheckSteps, StepOutcome } from './steps.ts';

/** Four that nobody takes for one another, on a screen or as bytes. */
const COLOURS = ['#e03131', '#1971c2', '#2f9e44', '#9c36b5'] as const;

/** What a relay is killed under. */
export interface LaneTrial {
  readonly steps: CheckSteps;
  readonly relay: Pick<LocalRelay, 'kill'>;
  /** At least one of them paints, and one sees it. */
  readonly clients: readonly LaneClient[];
  /** Opens the world anew with the room alone, as somebody who was never here. @returns the hash of what is seen */
  reopen(): Promise<string>;
  /** Called after each step, while things are as it left them: to take pictures, say. */
  look?(step: string): Promise<void>;
}

/**
 * Has people edit over a relay, kills that under them, has them edit without it and with it again, and finds that nothing
 * that anybody saw was lost.
 */
export async function tryLane({ steps, relay, clients, reopen, look }: LaneTrial): Promise<void> {
  await steps.run('lane', async () => {
    const found = await untilLane(clients, 'relay');
    const seen = await paintAndSee(clients, 0);
    return outcome(`on it after ${found.ms} ms; ${sentenceOf(seen)}`, { foundMs: found.ms }, seen);
  });
  await look?.('lane');
  const back = Promise.withResolvers<void>();
  try {
    await steps.run('relay killed', async () => {
      const painters = clients.filter(({ paints }) => paints !== null);
      await Promise.all(painters.map((client) => client.paint(colourOf(painters.indexOf(client), 1))));
      await Promise.all(painters.map((client) => client.untilHeld()));
      await relay.kill(back.promise);
      const lost = await untilLane(clients, 'not relay');
      const seen = await paintAndSee(clients, 2);
      const words = `known after ${lost.ms} ms, as “${lost.says}”; ${sentenceOf(seen)}`;
      return outcome(words, { knownMs: lost.ms }, seen);
    });
    await look?.('relay killed');
  } finally {
    back.resolve();
  }
  await steps.run('relay back', async () => {
    const found = await untilLane(clients, 'relay');
    const seen = await paintAndSee(clients, 3);
    return outcome(`on it again after ${found.ms} ms; ${sentenceOf(seen)}`, { backMs: found.ms }, seen);
  });
  await look?.('relay back');
  await steps.run('nothing lost', async () => {
    await Promise.all(clients.map((client) => client.untilSaved()));
    const hashes = await Promise.all(clients.map((client) => client.hash()));
    const fresh = await reopen();
    if (hashes.some((hash) => hash !== fresh))
      throw new CommandError('check-failed', `They see ${hashes.join(' and ')}, the room holds ${fresh}.`);
    return outcome(`all saved; everybody sees ${fresh.slice(0, 12)}, as does whoever opens the room anew`);
  });
}

interface Seen {
  readonly painter: string;
  readonly viewer: string;
  readonly ms: number;
}

/** Everybody who may paints in turn, and all others see it. */
async function paintAndSee(clients: readonly LaneClient[], round: number): Promise<readonly Seen[]> {
  const all: Seen[] = [];
  const painters = clients.filter(({ paints }) => paints !== null);
  for (const [place, client] of painters.entries()) {
    const { name: painter, paints } = client;
    const colour = colourOf(place, round);
    const others = clients.filter((other) => other !== client);
    const seen = others.map((other) => other.sees(paints ?? '', colour));
    const [paintedMs, ...seenMs] = await Promise.all([client.paint(colour), ...seen]);
    for (const [at, { name: viewer }] of others.entries())
      all.push({ painter, viewer, ms: Math.max(0, Math.round((seenMs[at] ?? 0) - paintedMs)) });
  }
  return all;
}

// No two have one colour in one round, and none keeps its own.
function colourOf(place: number, round: number): string {
  return COLOURS[(round + 2 * place) % COLOURS.length] ?? COLOURS[0];
}

async function untilLane(
  clients: readonly LaneClient[],
  way: Way,
): Promise<{ readonly ms: number; readonly says: string }> {
  const startedMs = performance.now();
  const [says = ''] = await Promise.all(clients.map((client) => client.untilLane(way)));
  return { ms: Math.round(performance.now() - startedMs), says };
}

function sentenceOf(seen: readonly Seen[]): string {
  return seen
    .map(({ painter, viewer, ms }) => `the ${viewer} saw an edit of the ${painter} after ${ms} ms`)
    .join(', ');
}

function outcome(
  detail: string,
  figures: Readonly<Record<string, number>> = {},
  seen: readonly Seen[] = [],
): StepOutcome<null> {
  const times = seen.map(({ painter, viewer, ms }) => [`${painter} to ${viewer}, ms`, ms] as const);
  return { detail, value: null, figures: { ...figures, ...Object.fromEntries(times) } };
}
