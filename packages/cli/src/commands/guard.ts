import type { ObjectId, World } from '@weft/world';
import { defineCommand } from '../command.ts';
import { CommandError, EXIT } from '../failure.ts';
import { flag } from '../options.ts';
import type { Output } from '../output.ts';
import { worldOptions } from '../session.ts';
import { abortedWithin } from '../until-aborted.ts';
import { withWorld } from '../world-command.ts';

/** Of many objects in one line the first are named. */
const MAX_NAMED_OBJECTS = 5;
/** Costs a reading of the room's state each time. */
const COMPARE_EVERY_MS = 60 * 60_000;

export const guard = defineCommand({
  name: 'guard',
  summary: 'keep a world: write again what its room loses',
  description:
    'A world is as durable as its last visitor, unless somebody stays. This stays: it follows the world without a screen, compares what it knows with the state of the room after every doubt, and writes again what a netsplit, a demotion or a careless client took out, under the old stamps. It needs the role of a builder. What was redacted, refused, or written by somebody who had lost the right stays away. Compares at the start and every hour, and prints a line for that, each repair, problem and change of status, until Ctrl-C.',
  examples: [
    { command: 'guard', does: 'Guard the demo world of the local stack.' },
    { command: 'guard --once', does: 'Compare once what a newcomer would read with what this client holds.' },
    {
      command: 'guard --world #plaza:example.org --json',
      does: 'Guard a world; a line of JSON for each thing.',
    },
  ],
  args: {},
  options: {
    ...worldOptions,
    once: flag('compare with the room once and end: 0 where they are equal, 1 where the room lost something'),
  },
  run: (context) =>
    withWorld(
      context,
      async (world) => {
        const { output, signal, options } = context;
        if (options.once) return (await compare(world, output)) ? EXIT.ok : EXIT.failed;
        const { readOnly } = world.status.value;
        if (readOnly !== null)
          throw new CommandError('forbidden', `Nothing can be kept here by this account. ${readOnly}`);
        const stops = follow(world, output);
        const objects = [...world.ids()].length;
        output.line(
          { type: 'ready', room: world.room, title: world.title, objects, ...world.status.value },
          `Guarding "${world.title}": ${objects} objects. Ctrl-C ends it.`,
        );
        for (;;) {
          await compare(world, output).catch((error: unknown) => notCompared(output, error));
          if (await abortedWithin(signal, COMPARE_EVERY_MS)) break;
        }
        for (const stop of stops) stop();
        return EXIT.ok;
      },
      { guardian: true },
    ),
});

/** Whether the room holds what this client ever had from it; says so. */
async function compare(world: World, output: Output): Promise<boolean> {
  const { isEqual, hash, roomHash, lost, lacking } = await world.verify();
  const words = isEqual
    ? `The room holds all of it (${hash}).`
    : `The room differs (${roomHash}, here ${hash}): it lost something of ${lost.length} objects, and holds more of ${lacking.length}.`;
  output.line({ type: 'compared', isEqual, hash, roomHash, lost, lacking }, words);
  return isEqual;
}

// It is tried again in an hour, as everything else goes on.
function notCompared(output: Output, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  output.line({ type: 'problem', where: 'comparing', message }, `It could not be compared: ${message}`);
}

function follow(world: World, output: Output): readonly (() => void)[] {
  let { lane } = world.status.value;
  const onStatus = (): void => {
    const { value } = world.status;
    if (value.lane !== lane)
      output.line(
        { type: 'status', ...value },
        value.lane === 'offline' ? 'The homeserver does not answer.' : 'The homeserver answers.',
      );
    lane = value.lane;
  };
  return [
    world.on('repair', (ids) => {
      const objects = ids.map((id) => ({ id, name: world.get(id)?.node?.name ?? '' }));
      output.line({ type: 'repair', objects }, `Writing again what the room lost: ${named(objects)}.`);
    }),
    world.on('refused', ({ ids, error }) =>
      output.line({ type: 'refused', ids, message: error.message }, `Refused: ${error.message}`),
    ),
    world.on('problem', ({ where, message }) =>
      output.line({ type: 'problem', where, message }, `${where}: ${message}`),
    ),
    world.status.subscribe(onStatus),
  ];
}

function named(objects: readonly { readonly id: ObjectId; readonly name: string }[]): string {
  const shown = objects.slice(0, MAX_NAMED_OBJECTS).map(({ id, name }) => (name === '' ? id : name));
  const rest = objects.length - shown.length;
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${rest} more`;
}
