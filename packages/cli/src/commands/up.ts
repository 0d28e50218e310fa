import { type Context, defineCommand, type ReadBy } from '../command.ts';
import { EXIT, type ExitCode, UsageError } from '../failure.ts';
import { choice, flag, text } from '../options.ts';
import { progressNotes } from '../progress-notes.ts';
import { type Demo, openDemo } from '../stack/demo.ts';
import { type LocalRelay, startLocalRelay } from '../stack/local-relay.ts';
import { STUDIO_ROOT } from '../stack/paths.ts';
import { localPlace, type Place, remotePlace } from '../stack/place.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { StackError } from '../stack/stack-error.ts';

export const upOptions = {
  homeserver: text(
    'url',
    'use this Matrix homeserver instead of a local Synapse; needs --token or WEFT_TOKEN',
  ),
  token: text('token', 'the builder’s access token there (better: WEFT_TOKEN, which other users cannot see)'),
  visitorToken: text(
    'token',
    'a second user’s access token there, for the visitor’s link (or WEFT_VISITOR_TOKEN)',
  ),
  world: text('world', 'open this room id or #alias:server instead of the demo world'),
  rateLimits: choice(
    ['relaxed', 'stock'],
    'relaxed',
    'rate limits of the local Synapse; stock is what an unconfigured one has: 0.2 events/s a user',
  ),
  fresh: flag('forget the local users, worlds and media first'),
};

export type UpContext = Context<ReadBy<typeof upOptions>, unknown>;

export const up = defineCommand({
  name: 'up',
  summary: 'run a homeserver, a demo world and the studio on this machine',
  description:
    'Installs a real Synapse into .weft the first time (Python 3.10+; some 30 s), starts it and a relay for the live lane ' +
    'on free loopback ports, ' +
    'makes two users and a furnished world if there is none, serves the studio and prints a ready link for each user. ' +
    'It runs until Ctrl-C, which stops everything it started; the world is kept. Nothing outside .weft is written. ' +
    'Meanwhile every other command, from another terminal, works on that world.',
  examples: [
    { command: 'up', does: 'Run everything here' },
    { command: 'up --rate-limits stock', does: 'See how it feels on a homeserver with ordinary limits' },
    {
      command: 'up --homeserver https://matrix.example.org',
      does: 'Hold the demo world on a homeserver that already runs (WEFT_TOKEN is set)',
    },
  ],
  args: {},
  options: upOptions,
  run: runUp,
});

/** What `up` and `start` do: run until the signal. */
export async function runUp(context: UpContext): Promise<ExitCode> {
  const { options, weftDirectory: directory, signal } = context;
  const onProgress = progressNotes(context.output);
  if (options.homeserver === undefined && (options.token ?? options.visitorToken) !== undefined) {
    throw new UsageError('A token is given and no homeserver. Give --homeserver too.');
  }
  const stack =
    options.homeserver === undefined
      ? await startStack({
          directory,
          rateLimits: options.rateLimits,
          fresh: options.fresh,
          onProgress,
          signal,
        })
      : null;
  let relay: LocalRelay | null = null;
  try {
    if (stack !== null) relay = await startLocalRelay({ stack, onProgress, signal });
    const place = stack === null ? await placeElsewhere(context) : await localPlace(stack, true);
    const demo = await openDemo({
      place,
      directory,
      studioRoot: STUDIO_ROOT,
      world: options.world,
      onProgress,
    });
    try {
      await stack?.announce(demo.studio.links, relay?.url);
      showLinks(context, place, demo);
      await untilStopped(signal, stack);
    } finally {
      await demo.studio.close();
    }
  } finally {
    await relay?.stop();
    await stack?.stop();
  }
  return EXIT.ok;
}

async function placeElsewhere({ options, environment, weftDirectory }: UpContext): Promise<Place> {
  const homeserver = options.homeserver ?? '';
  if (!/^https?:\/\/[^/]+/.test(homeserver)) {
    throw new UsageError(
      `--homeserver takes a URL such as https://matrix.example.org, not ${JSON.stringify(homeserver)}.`,
    );
  }
  const builder = options.token ?? environment.WEFT_TOKEN;
  if (builder === undefined) {
    throw new UsageError(`An access token for ${homeserver} is missing. Set WEFT_TOKEN, or give --token.`);
  }
  const visitor = options.visitorToken ?? environment.WEFT_VISITOR_TOKEN ?? null;
  return remotePlace(weftDirectory, homeserver, { builder, visitor });
}

function showLinks({ output }: UpContext, place: Place, { world, studio }: Demo): void {
  const names = Object.entries(studio.links).map(
    ([name, link]) => `  ${name.charAt(0).toUpperCase()}${name.slice(1)}  ${link}`,
  );
  output.result(
    { homeserver: place.homeserver, relay: place.relay?.url ?? null, world, links: studio.links },
    [
      '',
      ...names,
      '',
      `${names.length > 1 ? 'Open both, move something, drag a .glb file in.' : 'Open it, move something, drag a .glb file in.'} Ctrl-C stops everything; the world is kept.`,
    ].join('\n'),
  );
}

async function untilStopped(signal: AbortSignal, stack: Stack | null): Promise<void> {
  const stopped = new Promise<'stopped'>((done) => {
    if (signal.aborted) done('stopped');
    signal.addEventListener('abort', () => done('stopped'), { once: true });
  });
  const crashed = stack?.crashed.then(() => 'crashed' as const);
  // Without a local homeserver only the studio's open port keeps this process alive.
  if ((await Promise.race(crashed === undefined ? [stopped] : [stopped, crashed])) === 'stopped') return;
  throw new StackError('boot-failed', {
    what: 'Synapse ended by itself.',
    hint: `Its log is ${stack?.paths.log}. Start again: the world is kept.`,
  });
}
