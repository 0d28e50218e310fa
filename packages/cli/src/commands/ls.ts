import { ROOT } from '@weft/core';
import type { Context } from '../command.ts';
import { defineCommand } from '../command.ts';
import { EXIT, type ExitCode } from '../failure.ts';
import { shortLength } from '../object-id.ts';
import { objectJson, treeObjects, treeRows } from '../object-view.ts';
import { flag, optional } from '../options.ts';
import { columns } from '../output.ts';
import { resolveLogin, type WorldFlags, worldOptions } from '../session.ts';
import { objectIn, withWorld } from '../world-command.ts';

export const ls = defineCommand({
  name: 'ls',
  summary: 'show the tree of objects, or the worlds you are in',
  description:
    'Prints the objects of a world as a tree: name, short id, components, position in metres. The short ids are long enough to tell the objects apart, and other commands accept them. With --worlds it lists the worlds that this account has joined instead.',
  examples: [
    { command: 'ls', does: 'Show the demo world of the local stack.' },
    { command: 'ls Kx81 --json', does: 'Show what hangs below one object, for a program.' },
    { command: 'ls --worlds --as visitor', does: 'List the worlds that the visitor is in.' },
  ],
  args: { id: optional('show only what hangs below this object') },
  options: { ...worldOptions, worlds: flag('list worlds instead of objects') },
  run(context) {
    return context.options.worlds ? listWorlds(context) : listObjects(context);
  },
});

type Ls = Context<WorldFlags, { readonly id: string | undefined }>;

function listObjects(context: Ls): Promise<ExitCode> {
  return withWorld(context, async (world) => {
    const { args, output } = context;
    const root = args.id === undefined ? ROOT : objectIn(world, args.id);
    const rows = treeRows(world, root, shortLength(world.ids()));
    const objects = output.json
      ? [...treeObjects(world, root)].map((object) => objectJson(object, world.stage(object.id)))
      : [];
    const empty =
      root === ROOT ? 'This world has no objects yet. Add one with "add".' : 'Nothing hangs there.';
    output.result({ room: world.room, title: world.title, objects }, rows.length > 0 ? columns(rows) : empty);
    const hidden = world.problems.value.length;
    if (hidden > 0) output.note(`${hidden} problem${hidden === 1 ? '' : 's'}: see "watch".`);
    return EXIT.ok;
  });
}

async function listWorlds(context: Ls): Promise<ExitCode> {
  const { homeserver, token, worlds: known } = await resolveLogin(context.options, context);
  const { listWorlds: list } = await import('@weft/world');
  const found = await list({ login: { homeserver, token }, signal: context.signal });
  const worlds = found.map(({ room, title }) => {
    const name = Object.entries(known).find(([, id]) => id === room)?.[0] ?? null;
    return { room, title, name };
  });
  context.output.result(
    { worlds },
    worlds.length === 0
      ? 'You are in no world yet. Make one with "new".'
      : columns(worlds.map(({ room, title, name }) => [name ?? '-', title, room])),
  );
  return EXIT.ok;
}
