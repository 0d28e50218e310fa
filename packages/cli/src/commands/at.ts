import { resolve } from 'node:path';
import { ROOT } from '@weft/core';
import type { World, WorldMoment } from '@weft/world';
import { type Context, defineCommand } from '../command.ts';
import { diffJson, diffText } from '../diff-view.ts';
import { EXIT, UsageError } from '../failure.ts';
import { momentText, parseMoment } from '../moment.ts';
import { shortLength } from '../object-id.ts';
import { objectJson, objectRow, treeObjects, treeRows } from '../object-view.ts';
import { flag, required, text } from '../options.ts';
import { columns } from '../output.ts';
import { worldOptions } from '../session.ts';
import { withWorld } from '../world-command.ts';
import { writeNew } from '../write-file.ts';

interface AtFlags {
  readonly query: string | undefined;
  readonly export: string | undefined;
  readonly diff: boolean;
  readonly force: boolean;
}

export const at = defineCommand({
  name: 'at',
  summary: 'look at a world as it was',
  description:
    'Shows the tree of a world as its room showed it at a moment, under the rules of then; with --query the objects that match a CSS selector, with --diff what has changed since, with --export it writes a file that other commands take. What was redacted since is gone from the past, too. The past is read from the homeserver: where that does not show all of it to you, or there is too much of it, a note says what may be missing.',
  examples: [
    { command: 'at 2h', does: 'Show the tree as it was two hours ago.' },
    { command: 'at 2026-05-01T12:00 --diff', does: 'What has changed since then?' },
    { command: "at 1d --query '.door' --json", does: 'Find the doors of yesterday, for a program.' },
    { command: 'at 1w --export last-week.weft', does: 'Keep the world as it was a week ago.' },
  ],
  args: { time: required('10m, 2h, 3d or 1w ago, or a date such as 2026-05-01T12:00') },
  options: {
    ...worldOptions,
    query: text('selector', 'the objects that match this CSS selector'),
    diff: flag('what differs between then (-) and now (+)'),
    export: text('file', 'write it to a .weft or .json file'),
    force: flag('replace the file if there is one'),
  },
  async run(context) {
    const { args, options, output, signal } = context;
    const asked = [options.query, options.export, options.diff || undefined].filter(
      (one) => one !== undefined,
    );
    if (asked.length > 1) throw new UsageError('Give one of --query, --diff and --export.');
    const atMs = parseMoment(args.time, Date.now());
    return withWorld(context, async (world) => {
      let shown = 0;
      const moment = await world.at(atMs, {
        signal,
        progress({ events }) {
          if (events - shown < NOTE_EVENTS) return;
          shown = events;
          output.note(`Read ${events} events.`);
        },
      });
      await show(world, moment, context);
      if (moment.reason !== null) output.note(moment.reason);
      return EXIT.ok;
    });
  },
});

const NOTE_EVENTS = 5000;

async function show(
  world: World,
  moment: WorldMoment,
  { options, output, directory }: Context<AtFlags, unknown>,
): Promise<void> {
  const { complete, reason } = moment;
  const facts = { at: new Date(moment.atMs).toISOString(), complete, reason };
  if (options.diff) {
    const found = moment.diff(world);
    output.result({ ...facts, diff: diffJson(found) }, diffText(found, moment, world));
  } else if (options.export !== undefined) {
    const file = resolve(directory, options.export);
    const format = /\.json$/i.test(file) ? 'json' : 'weft';
    const bytes = moment.export({ format });
    await writeNew(file, bytes, options.force);
    const objects = [...moment.ids()].length;
    output.result(
      { ...facts, file, format, bytes: bytes.length, objects, hash: moment.hash() },
      `Wrote ${objects} objects as of ${momentText(moment.atMs)}, ${bytes.length} bytes, to ${file}.`,
    );
  } else if (options.query !== undefined) {
    const { objects } = moment.query({ select: options.query });
    const short = shortLength(moment.ids());
    output.result(
      { ...facts, objects: objects.map((object) => objectJson(object, 'durable')) },
      objects.length === 0
        ? 'Nothing matched then.'
        : columns(objects.map((object) => objectRow(object, short))),
    );
  } else {
    const rows = treeRows(moment, ROOT, shortLength(moment.ids()));
    const objects = output.json
      ? [...treeObjects(moment, ROOT)].map((object) => objectJson(object, 'durable'))
      : [];
    output.result(
      { ...facts, title: moment.title, objects, hash: moment.hash() },
      rows.length === 0 ? 'There was nothing then.' : columns(rows),
    );
  }
}
