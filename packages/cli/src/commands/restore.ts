import { parsePath } from '@weft/core';
import type { ObjectId, Restored, World, WorldMoment } from '@weft/world';
import { defineCommand } from '../command.ts';
import { EXIT, UsageError } from '../failure.ts';
import { momentText, parseMoment } from '../moment.ts';
import { resolveId } from '../object-id.ts';
import { flag, optional, text, texts } from '../options.ts';
import { editOptions, waitFor, withWorld } from '../world-command.ts';

export const restore = defineCommand({
  name: 'restore',
  summary: 'set an object, or all of a world, back to what it was',
  description:
    'Sets back what differs from a moment of the past: one change like any other, which is checked against your role and the rules of the world, and which "undo" takes back. --all also deletes what did not exist then. What was redacted never comes back. At most 5,000 objects at once. With --dry-run it only says what it would do; "at <time> --diff" shows what differs.',
  examples: [
    { command: 'restore Kx81 --at 10m', does: 'Set one object back to what it was ten minutes ago.' },
    { command: 'restore Kx81 --at 1d --path transform.position', does: 'Only its place.' },
    { command: 'restore --all --at 2026-05-01T12:00 --dry-run', does: 'See what going back would change.' },
  ],
  args: { object: optional('the id of an object of now or then, or the start of it') },
  options: {
    ...editOptions,
    at: text('time', '10m, 2h, 3d or 1w ago, or a date such as 2026-05-01T12:00'),
    all: flag('every object, instead of one'),
    path: texts('component.property', 'only this property; may be repeated'),
  },
  async run(context) {
    const { args, options, output, signal } = context;
    if (options.at === undefined) throw new UsageError('Back to when? Give --at, such as --at 10m.');
    if ((args.object === undefined) !== options.all)
      throw new UsageError('Give the id of an object, or --all.');
    const atMs = parseMoment(options.at, Date.now());
    const paths = options.path.map(parsePath);
    return withWorld(context, async (world) => {
      const moment = await world.at(atMs, { signal });
      const request = {
        from: moment,
        name: `restore ${args.object ?? 'all'}`,
        ...(args.object === undefined ? {} : { objects: [objectThen(world, moment, args.object)] }),
        ...(paths.length === 0 ? {} : { paths }),
      };
      const facts = { at: new Date(moment.atMs).toISOString(), complete: moment.complete };
      if (moment.reason !== null) output.note(moment.reason);
      if (options.dryRun) {
        const value = world.checkRestore(request);
        output.result({ ...facts, ...value, dryRun: true }, `Would be fine: ${sentence(value, moment)}`);
        return EXIT.ok;
      }
      const { value, ...edit } = world.restore(request);
      const stage = await waitFor(world, { ...edit, value }, context);
      output.result({ ...facts, ...value, stage }, sentence(value, moment));
      return EXIT.ok;
    });
  },
});

function objectThen(world: World, moment: WorldMoment, named: string): ObjectId {
  return resolveId(named, {
    has: (id) => world.knows(id) || moment.knows(id),
    ids: () => new Set([...world.ids(), ...moment.ids()]),
    nameOf: (id) => (moment.get(id) ?? world.get(id))?.node?.name ?? '',
  });
}

function sentence({ ids, purged, personal, unknown, hidden }: Restored, { atMs }: WorldMoment): string {
  const left = [
    ...(purged.length === 0 ? [] : [`${purged.length} were redacted and stay gone`]),
    ...(personal.length === 0 ? [] : [`${personal.length} are somebody's own`]),
    ...(unknown.length === 0 ? [] : [`of ${unknown.length} it is not known what they were`]),
    ...(hidden.length === 0 ? [] : [`${hidden.length} stay hidden, since what they hang from is gone`]),
  ];
  const done = `${ids.length} object${ids.length === 1 ? '' : 's'} back to ${momentText(atMs)}`;
  return [done, ...left].join('; ').concat('.');
}
