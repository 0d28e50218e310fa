import type { LiveDelta, ObjectId, World, WorldChange } from '@weft/world';
import { defineCommand } from '../command.ts';
import { EXIT } from '../failure.ts';
import { objectJson } from '../object-view.ts';
import { optional } from '../options.ts';
import type { Json, Output } from '../output.ts';
import { worldOptions } from '../session.ts';
import { untilAborted } from '../until-aborted.ts';
import { withWorld } from '../world-command.ts';

export const watch = defineCommand({
  name: 'watch',
  summary: 'print changes as they happen, one line of JSON each',
  description:
    'First one line of type "ready" with the number of objects, then a line for each change ("change": added and changed objects whole, removed ones by id, where it came from, and by object who is said to have made it), each change of status, each problem, each refusal. Runs until Ctrl-C, or until whoever reads its output has gone; both are a clean end. With a selector, a line of type "result" with the objects that match it comes before all, and a line of type "delta" stands in place of each change that touches them: what entered, changed and left.',
  examples: [
    { command: 'watch', does: 'Follow the demo world of the local stack.' },
    { command: `watch '.door'`, does: 'See doors come, change and go.' },
    { command: 'watch | grep --line-buffered \'"removed":\\["\'', does: 'See only what is deleted.' },
  ],
  args: { selector: optional('a CSS selector over the tree, as query takes it') },
  options: worldOptions,
  run: (context) =>
    withWorld(context, async (world) => {
      const { output, signal } = context;
      const { selector } = context.args;
      const stops = [
        selector === undefined
          ? world.on('change', (change) => print(output, changeJson(world, change)))
          : follow(world, selector, output),
        world.on('refused', ({ ids, error }) =>
          print(output, { type: 'refused', ids, message: error.message }),
        ),
        world.status.subscribe(() => print(output, { type: 'status', ...world.status.value })),
        world.problems.subscribe(() =>
          print(output, {
            type: 'problems',
            problems: world.problems.value.map((problem) => ({ ...problem })),
          }),
        ),
      ];
      const objects = [...world.ids()].length;
      print(output, { type: 'ready', room: world.room, title: world.title, objects, ...world.status.value });
      await untilAborted(signal);
      for (const stop of stops) stop();
      return EXIT.ok;
    }),
});

/** @returns what stops it */
function follow(world: World, select: string, output: Output): () => void {
  const live = world.live({ select });
  print(output, {
    type: 'result',
    objects: live.value.map((object) => objectJson(object, world.stage(object.id))),
  });
  // By the loop, not the callbacks: it gives one line a transaction, and joins them for a slow pipe.
  const loop = async () => {
    for await (const delta of live) print(output, deltaJson(world, delta));
  };
  loop().catch((error: unknown) =>
    print(output, { type: 'error', message: error instanceof Error ? error.message : String(error) }),
  );
  return () => live.stop();
}

function deltaJson(world: World, { origin, enter, change, leave }: LiveDelta): Json {
  return {
    type: 'delta',
    origin,
    enter: enter.map((id) => viewOf(world, id)),
    changed: [...change].map(([id, { paths }]) => ({ paths, object: viewOf(world, id) })),
    leave,
  };
}

function viewOf(world: World, id: ObjectId): Json {
  const object = world.get(id);
  return object === undefined ? { id } : objectJson(object, world.stage(id));
}

function changeJson(world: World, { origin, added, removed, changed, authors }: WorldChange): Json {
  const view = (id: ObjectId) => viewOf(world, id);
  return {
    type: 'change',
    origin,
    added: added.map(view),
    changed: [...changed].map(([id, paths]) => ({ paths, object: view(id) })),
    removed,
    authors: Object.fromEntries(authors),
  };
}

function print(output: Output, line: Json): void {
  output.line(line, JSON.stringify(line));
}
