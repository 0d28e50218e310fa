import type { ObjectQuery } from '@weft/world';
import { parseValue, parseVector } from '../assignment.ts';
import { defineCommand } from '../command.ts';
import { EXIT, UsageError } from '../failure.ts';
import { shortLength } from '../object-id.ts';
import { objectJson, objectRow } from '../object-view.ts';
import { number, text, texts } from '../options.ts';
import { columns } from '../output.ts';
import { worldOptions } from '../session.ts';
import { objectIn, withWorld } from '../world-command.ts';

const MAX_LIMIT = 100_000;
const MAX_RADIUS_METRES = 10_000_000;

export const query = defineCommand({
  name: 'query',
  summary: 'find objects by kind, name, tag, component, property or place',
  description:
    'Prints the objects that match everything you give. --where compares one property with a value: JSON if it parses as JSON, else text. --near and --radius look at positions in the world, in metres.',
  examples: [
    { command: 'query --kind lamp', does: 'Find every lamp.' },
    {
      command: 'query --near 0,1,0 --radius 5 --limit 10',
      does: 'Find up to ten things within 5 m of a point.',
    },
    {
      command: 'query --where light.intensity=2 --json',
      does: 'Find lights of one intensity, for a program.',
    },
  ],
  args: {},
  options: {
    ...worldOptions,
    kind: text('kind', 'objects of this kind (node.kind)'),
    name: text('name', 'objects of exactly this name'),
    tag: text('tag', 'objects with this tag'),
    component: text('component', 'objects that have this component'),
    parent: text('id', 'objects that hang directly from this one'),
    where: texts('path=value', 'objects with this property; may be repeated'),
    near: text('x,y,z', 'the middle of a sphere; needs --radius'),
    radius: number(
      'metres',
      { min: 0, max: MAX_RADIUS_METRES, whole: false, fallback: undefined },
      'the radius of the sphere; needs --near',
    ),
    limit: number('n', { min: 1, max: MAX_LIMIT, whole: true, fallback: undefined }, 'at most so many'),
  },
  async run(context) {
    const wanted = queryOf(context.options);
    const { parent } = context.options;
    return withWorld(context, async (world) => {
      const under = parent === undefined ? {} : { parent: objectIn(world, parent) };
      const { objects } = world.query({ ...wanted, ...under });
      const short = shortLength(world.ids());
      context.output.result(
        { objects: objects.map((object) => objectJson(object, world.stage(object.id))) },
        columns(objects.map((object) => objectRow(object, short))),
      );
      if (objects.length === 0) context.output.note('Nothing matches.');
      return EXIT.ok;
    });
  },
});

interface QueryFlags {
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly tag: string | undefined;
  readonly component: string | undefined;
  readonly where: readonly string[];
  readonly near: string | undefined;
  readonly radius: number | undefined;
  readonly limit: number | undefined;
}

function queryOf(flags: QueryFlags): ObjectQuery {
  const { kind, name, tag, component, where, near, radius, limit } = flags;
  if ((near === undefined) !== (radius === undefined)) {
    throw new UsageError('--near and --radius go together: --near 0,1,0 --radius 5.');
  }
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(name === undefined ? {} : { name }),
    ...(tag === undefined ? {} : { tag }),
    ...(component === undefined ? {} : { component }),
    ...(where.length === 0 ? {} : { where: Object.fromEntries(where.map(readCondition)) }),
    ...(near === undefined || radius === undefined
      ? {}
      : { within: { sphere: { center: parseVector(near, '--near'), radius } } }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function readCondition(condition: string) {
  const equals = condition.indexOf('=');
  if (equals <= 0) {
    throw new UsageError(`--where takes component.property=value, not ${JSON.stringify(condition)}.`);
  }
  return [condition.slice(0, equals), parseValue(condition.slice(equals + 1))] as const;
}
