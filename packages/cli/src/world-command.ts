import type { Synchronous } from '@weft/core';
import type { AssetOptions, Edit, EditDraft, Lane, ObjectId, World } from '@weft/world';
import type { Context } from './command.ts';
import { CommandError, EXIT, type ExitCode } from './failure.ts';
import { resolveId } from './object-id.ts';
import { choice, flag } from './options.ts';
import type { Json } from './output.ts';
import { resolveLogin, resolveWorld, type WorldFlags, worldOptions } from './session.ts';

/** Options of every command that changes a world. */
export const editOptions = {
  ...worldOptions,
  wait: choice(
    ['local', 'durable'],
    'durable',
    'until the homeserver holds the change, or only until it was sent',
  ),
  dryRun: flag('check the change and say what it would do, without doing it'),
};

export interface EditFlags extends WorldFlags {
  readonly wait: 'local' | 'durable';
  readonly dryRun: boolean;
}

/** Opens the world that flags, environment or local stack name, and closes it whatever happens. */
export async function withWorld<T>(
  context: Context<WorldFlags, unknown>,
  use: (world: World) => Promise<T>,
  options: { readonly guardian?: boolean; readonly lanes?: readonly Lane[] } = {},
): Promise<T> {
  const login = await resolveLogin(context.options, context);
  const ref = resolveWorld(context.options, login, context);
  // Loaded here, since help and wrong usage should answer at once.
  const { openWorld } = await import('@weft/world');
  const world = await openWorld(ref, {
    login: { homeserver: login.homeserver, token: login.token },
    signal: context.signal,
    // A command is over before a relay would have let it in.
    lanes: ['matrix'],
    assets: assetsIn(context.environment),
    ...options,
  });
  try {
    return await use(world);
  } finally {
    await world.close();
  }
}

/** The IPFS node and the gateways that the environment names. */
function assetsIn({
  WEFT_IPFS: ipfs = '',
  WEFT_IPFS_GATEWAYS: gateways = '',
}: Context<unknown, unknown>['environment']): AssetOptions {
  return {
    ...(ipfs === '' ? {} : { ipfs }),
    gateways: gateways.split(',').filter((url) => url !== ''),
  };
}

/** What an edit command does to a draft, and what it says of it. */
export interface Change<T> {
  readonly name: string;
  edit(draft: EditDraft): Synchronous<T>;
  /** The result as JSON and as words, in the past tense. */
  report(value: Synchronous<T>): { readonly json: { readonly [key: string]: Json }; readonly human: string };
}

/** Makes one edit: checked only under `--dry-run`, waited for as `--wait` says. */
export async function makeChange<T>(
  world: World,
  context: Context<EditFlags, unknown>,
  change: Change<T>,
): Promise<ExitCode> {
  const { options, output } = context;
  if (options.dryRun) {
    const { value } = world.check<T>((draft) => change.edit(draft));
    const { json, human } = change.report(value);
    output.result({ ...json, dryRun: true }, `Would be fine: ${human}`);
    return EXIT.ok;
  }
  const edit = world.edit<T>(change.name, (draft) => change.edit(draft));
  const stage = await waitFor(world, edit, context);
  const { json, human } = change.report(edit.value);
  output.result({ ...json, stage }, human);
  return EXIT.ok;
}

/** Waits as told, or until Ctrl-C. What was only sent may still be refused; what could not be sent is a failure. */
export async function waitFor(
  world: World,
  edit: Edit<unknown>,
  { options: { wait }, signal }: Context<EditFlags, unknown>,
): Promise<'local' | 'durable'> {
  if (wait === 'durable') {
    await Promise.race([edit.durable, rejectedBy(signal)]);
    return 'durable';
  }
  const { unsaved } = await world.close();
  if (unsaved === 0) return 'local';
  throw new CommandError(
    'not-sent',
    `The homeserver did not take the change in time: ${unsaved} object${unsaved === 1 ? ' is' : 's are'} not saved. Try again.`,
  );
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () =>
      reject(
        new CommandError(
          'aborted',
          'Stopped before the homeserver confirmed the change; it may still hold it.',
        ),
      );
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/**
 * The object that a person means: the start of a visible one's id, or the whole id of any.
 * @throws UsageError, CommandError `unknown-object`
 */
export function objectIn(world: World, text: string): ObjectId {
  return resolveId(text, {
    has: (id) => world.knows(id),
    ids: () => world.ids(),
    nameOf: (id) => world.get(id)?.node?.name ?? '',
  });
}
