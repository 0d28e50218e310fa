import { defineCommand } from '../command.ts';
import { UsageError } from '../failure.ts';
import { required, text } from '../options.ts';
import { editOptions, makeChange, objectIn, withWorld } from '../world-command.ts';

export const mv = defineCommand({
  name: 'mv',
  summary: 'hang an object elsewhere in the tree',
  description:
    'Moves an object, with all that hangs from it, under another parent (--into) or to another place among its siblings (--before, --after). It keeps its position within its parent, so it moves in the world when the parent changes. To move it in space, set transform.position. An object cannot be moved below itself.',
  examples: [
    { command: 'mv Kx81 --into Kx90', does: 'Hang one object from another.' },
    { command: 'mv Kx81 --into root', does: 'Take it to the top of the world.' },
    { command: 'mv Kx81 --after Kx82', does: 'Put it next to another, under the same parent.' },
  ],
  args: { id: required('the id of an object, or the start of it') },
  options: {
    ...editOptions,
    into: text('id', 'the new parent; root is the top of the world'),
    before: text('id', 'the sibling that comes after it'),
    after: text('id', 'the sibling that comes before it'),
  },
  async run(context) {
    const { into, before, after } = context.options;
    if (into === undefined && before === undefined && after === undefined) {
      throw new UsageError('Where to? Give --into, --before or --after.');
    }
    return withWorld(context, async (world) => {
      const id = objectIn(world, context.args.id);
      const target = {
        ...(into === undefined ? {} : { into: objectIn(world, into) }),
        ...(before === undefined ? {} : { before: objectIn(world, before) }),
        ...(after === undefined ? {} : { after: objectIn(world, after) }),
      };
      return makeChange(world, context, {
        name: `move ${id}`,
        edit: (draft) => draft.move(id, target),
        report: () => ({ json: { id, ...target }, human: `Moved ${id}.` }),
      });
    });
  },
});
