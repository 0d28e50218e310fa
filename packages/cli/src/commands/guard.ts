import type { ObjectId, World } from '@weft/world';
import { defineCommand } from '../command.ts';
import { CommandError, EXIT } from '../failure.ts';
import type { Output } from '../output.ts';
import { worldOptions } from '../session.ts';
import { untilAborted } from '../until-aborted.ts';
import { withWorld } from '../world-command.ts';

/** Of many objects in one line the first are named. */
const MAX_NAMED_OBJECTS = 5;

export const guard = defineCommand({
  name: 'guard',
  summary: 'keep a world: write again what its room loses',
  description:
    'A world is as durable as its last visitor, unless somebody stays. This stays: it follows the world without a screen, compares what it knows with the state of the room after every doubt, and writes again what a netsplit, a demotion or a careless client took out, under the old stamps. It needs the role of a builder. What was redacted, refused, or written by somebody who had lost the right stays away. Prints a line for each repair, problem and change of status, until Ctrl-C.',
  examples: [
    { command: 'guard', does: 'Guard the demo world of the local stack.' },
    {
      command: 'guard --world #plaza:example.org --json',
      does: 'Guard a world; a line of JSON for each thing.',
    },
  ],
  args: {},
  options: worldOptions,
  run: (context) =>
    withWorld(
      context,
      async (world) => {
        const { output, signal } = context;
        const { readOnly } = world.status.value;
        if (readOnly !== null)
          throw new CommandError('forbidden', `Nothing can be kept here by this account. ${readOnly}`);
        const stops = follow(world, output);
        const objects = [...world.ids()].length;
        output.line(
          { type: 'ready', room: world.room, title: world.title, objects, ...world.status.value },
          `Guarding "${world.title}": ${objects} objects. Ctrl-C ends it.`,
        );
        await untilAborted(signal);
        for (const stop of stops) stop();
        return EXIT.ok;
      },
      { guardian: true },
    ),
});

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
