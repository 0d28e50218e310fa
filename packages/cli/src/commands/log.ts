import type { LogEntry } from '@weft/world';
import { defineCommand } from '../command.ts';
import { EXIT } from '../failure.ts';
import { momentText, parseMoment } from '../moment.ts';
import { oneLine } from '../object-view.ts';
import { number, text } from '../options.ts';
import { columns, type Json } from '../output.ts';
import { worldOptions } from '../session.ts';
import { objectIn, withWorld } from '../world-command.ts';

const DEFAULT_ENTRIES = 20;
const MAX_ENTRIES = 200;
const SHORT_CHARACTERS = 8;

export const log = defineCommand({
  name: 'log',
  summary: 'show who changed what',
  description:
    'Prints the changes of a world, newest first: when, who sent it, and for each object what became of it (+ added, ~ changed, - deleted, ^ restored, x purged) with its properties. The sender is certain: homeservers vouch for it. "said to be by" is a claim that the event carries, for instance where somebody imported the work of others. What was redacted is not told any more. The log is read from the homeserver, as far back as it shows the room to you.',
  examples: [
    { command: 'log', does: 'Show the latest changes.' },
    { command: 'log --object Kx81 --since 2d', does: 'What happened to one object in the last two days?' },
    { command: 'log --user @bob:example.org --limit 100 --json', does: 'What did Bob do? For a program.' },
  ],
  args: {},
  options: {
    ...worldOptions,
    object: text('id', 'only what happened to this object'),
    user: text('user', 'only what @user:server sent'),
    since: text('time', 'nothing older: 10m, 2h, 3d, or a date such as 2026-05-01T12:00'),
    limit: number(
      'n',
      { min: 1, max: MAX_ENTRIES, whole: true, fallback: DEFAULT_ENTRIES },
      `at most so many changes (default: ${DEFAULT_ENTRIES})`,
    ),
    before: text('cursor', 'what is older than a page: its "next" from --json'),
  },
  async run(context) {
    const { options, output, signal } = context;
    const { object, user, since, limit, before } = options;
    const sinceMs = since === undefined ? undefined : parseMoment(since, Date.now());
    return withWorld(context, async (world) => {
      const { entries, next, incomplete } = await world.log({
        limit,
        signal,
        ...(object === undefined ? {} : { object: objectIn(world, object) }),
        ...(user === undefined ? {} : { user }),
        ...(sinceMs === undefined ? {} : { since: sinceMs }),
        ...(before === undefined ? {} : { before }),
      });
      const rows = entries.flatMap(entryRows);
      output.result(
        { entries: entries.map(entryJson), next, incomplete },
        rows.length === 0 ? 'Nothing was changed.' : columns(rows),
      );
      if (next !== null) output.note(`There is more: --before ${JSON.stringify(next)}`);
      if (incomplete !== null) output.note(incomplete);
      return EXIT.ok;
    });
  },
});

const SIGNS: Readonly<Record<LogEntry['objects'][number]['kind'], string>> = {
  added: '+',
  changed: '~',
  deleted: '-',
  restored: '^',
  purged: 'x',
};

function entryRows({ atMs, user, authors, objects, unlisted }: LogEntry): string[][] {
  const others = authors.filter((author) => author !== user);
  const said = others.length === 0 ? '' : ` (said to be by ${others.join(', ')})`;
  const rows = objects.map(({ id, name, kind, paths }) => [
    `${SIGNS[kind]} ${name === null ? '(no name)' : oneLine(name)}`,
    id.slice(0, SHORT_CHARACTERS),
    kind === 'changed' ? paths.join(' ') : '',
  ]);
  if (unlisted > 0) rows.push([`a file of ${unlisted} objects`, '', '']);
  return rows.map(([what = '', id = '', paths = ''], at) => [
    at === 0 ? momentText(atMs) : '',
    at === 0 ? `${user}${said}` : '',
    what,
    id,
    paths,
  ]);
}

function entryJson({ event, atMs, user, authors, carrier, objects, unlisted }: LogEntry): Json {
  return {
    event,
    at: new Date(atMs).toISOString(),
    user,
    authors,
    carrier,
    objects: objects.map((change) => ({ ...change })),
    unlisted,
  };
}
