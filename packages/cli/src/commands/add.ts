import { ROOT, type Value } from '@weft/core';
import { type ComponentChanges, parseAssignments, parseVector } from '../assignment.ts';
import { defineCommand } from '../command.ts';
import { text, texts } from '../options.ts';
import { editOptions, makeChange, objectIn, withWorld } from '../world-command.ts';

export const add = defineCommand({
  name: 'add',
  summary: 'add an object',
  description:
    'Adds one object and prints its id. --name, --kind, --tag, --shape and --at are short for the properties that most objects have; --set gives any property as component.property=value, where the value is JSON if it parses as JSON, else text. Builders and above may add.',
  examples: [
    { command: 'add --name "Oak table" --shape box --at 1.5,0,-2', does: 'Put a box on the floor.' },
    {
      command: 'add --name Lamp --parent Kx81 --set light.intensity=2',
      does: 'Hang a light from another object.',
    },
    { command: 'add --set acme:door.open=true --dry-run', does: 'Check a component of your own.' },
  ],
  args: {},
  options: {
    ...editOptions,
    name: text('name', 'what people call it'),
    kind: text('kind', 'what sort of thing it is'),
    tag: texts('tag', 'a word to find it by; may be repeated'),
    parent: text('id', 'the object it hangs from; the top of the world if left out'),
    shape: text('shape', 'a simple shape: box, sphere, cylinder, cone, capsule, torus or plane'),
    at: text('x,y,z', 'position in its parent, in metres'),
    set: texts('path=value', 'any further property; may be repeated'),
  },
  async run(context) {
    const components = componentsOf(context.options);
    const { parent } = context.options;
    return withWorld(context, async (world) => {
      const above = parent === undefined ? ROOT : objectIn(world, parent);
      return makeChange(world, context, {
        name: 'add an object',
        edit: (draft) => draft.add({ ...components, parent: above }),
        report: (id) => ({ json: { id }, human: id }),
      });
    });
  },
});

interface ObjectFlags {
  readonly name: string | undefined;
  readonly kind: string | undefined;
  readonly tag: readonly string[];
  readonly shape: string | undefined;
  readonly at: string | undefined;
  readonly set: readonly string[];
}

/** What the short options say, under what `--set` says. */
function componentsOf({ name, kind, tag, shape, at, set }: ObjectFlags): ComponentChanges {
  const given = parseAssignments(set);
  const components: ComponentChanges = { ...given };
  const fill = (component: string, properties: Record<string, Value | undefined>) => {
    const present = Object.entries(properties).flatMap(([property, value]) =>
      value === undefined ? [] : [[property, value] as const],
    );
    if (present.length === 0) return;
    components[component] = { ...Object.fromEntries(present), ...given[component] };
  };
  fill('node', { name, kind, tags: tag.length === 0 ? undefined : tag });
  fill('primitive', { shape });
  fill('transform', { position: at === undefined ? undefined : parseVector(at, '--at') });
  return components;
}
