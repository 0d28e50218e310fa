import { defineCommand } from '../command.ts';
import { some } from '../options.ts';
import { editOptions, makeChange, objectIn, withWorld } from '../world-command.ts';

export const rm = defineCommand({
  name: 'rm',
  summary: 'delete objects, with all that hangs from them',
  description:
    'Deletes objects: they and all that hangs from them disappear for everybody. Nothing is destroyed, since deletion is a property like others: "set <id> node.deleted=null", with the whole id, brings an object back. All of the given objects go, or none.',
  examples: [
    { command: 'rm Kx81', does: 'Delete one object.' },
    { command: 'rm Kx81 Kx82 --dry-run', does: 'See whether two objects could be deleted.' },
  ],
  args: { ids: some('ids of objects, or the starts of them') },
  options: editOptions,
  run: (context) =>
    withWorld(context, async (world) => {
      const ids = [...new Set(context.args.ids.map((text) => objectIn(world, text)))];
      return makeChange(world, context, {
        name: `remove ${ids.join(' ')}`,
        edit(draft) {
          for (const id of ids) draft.remove(id);
        },
        report: () => ({ json: { ids }, human: `Deleted ${ids.join(' ')}.` }),
      });
    }),
});
