import { parseAssignments } from '../assignment.ts';
import { defineCommand } from '../command.ts';
import { required, some } from '../options.ts';
import { editOptions, makeChange, objectIn, withWorld } from '../world-command.ts';

export const set = defineCommand({
  name: 'set',
  summary: 'change properties of an object',
  description:
    "Sets each component.property to a value: JSON if it parses as JSON, else text; text that looks like JSON needs JSON quotes within the shell's (node.name='\"42\"'). null removes a property, component=null removes a whole component, and component='{\"property\":value}' sets several at once. All of it happens, or none. Only the properties you name move: others may change the rest at the same time.",
  examples: [
    { command: "set Kx81 transform.position='[1.5,0,-2]'", does: 'Move an object within its parent.' },
    {
      command: 'set Kx81 node.name="Oak table" light.intensity=2',
      does: 'Change two properties in one step.',
    },
    { command: 'set Kx81 light=null --dry-run', does: 'See whether its light could be removed.' },
  ],
  args: {
    id: required('the id of an object, or the start of it'),
    assignments: some('component.property=value'),
  },
  options: editOptions,
  async run(context) {
    const changes = parseAssignments(context.args.assignments);
    return withWorld(context, async (world) => {
      const id = objectIn(world, context.args.id);
      return makeChange(world, context, {
        name: `change ${id}`,
        edit: (draft) => draft.set(id, changes),
        report: () => ({ json: { id }, human: `Changed ${id}.` }),
      });
    });
  },
});
