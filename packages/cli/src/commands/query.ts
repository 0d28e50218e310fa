import type { Filter, ObjectQuery, QueryPlan } from '@weft/world';
import { parseValue, parseVector } from '../assignment.ts';
import { defineCommand } from '../command.ts';
import { EXIT, UsageError } from '../failure.ts';
import { shortLength } from '../object-id.ts';
import { objectJson, objectRow } from '../object-view.ts';
import { flag, number, optional, text, texts } from '../options.ts';
import { columns } from '../output.ts';
import { worldOptions } from '../session.ts';
import { objectIn, withWorld } from '../world-command.ts';

const MAX_LIMIT = 100_000;
const MAX_RADIUS_METRES = 10_000_000;

export const query = defineCommand({
  name: 'query',
  summary: 'find objects by selector, kind, name, tag, text, property or place',
  description:
    'Prints the objects that match everything you give. A selector is CSS: kinds are elements, #id, .tag, [component|property=value], combinators. --where compares one property with a value (JSON if it parses as JSON, else text), or is a whole filter as a JSON object with operators such as $gt and $in. --near with --radius finds what touches a sphere in the world, with --nearest the so many that are closest, nearest first; metres.',
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
    {
      command: `query 'room > .lamp' --where '{"light.intensity":{"$gt":2}}' --sort node.name --explain`,
      does: 'Find bright lamps that stand in rooms, by name, and see which index found them.',
    },
  ],
  args: { selector: optional('a CSS selector over the tree') },
  options: {
    ...worldOptions,
    kind: text('kind', 'objects of this kind (node.kind)'),
    name: text('name', 'objects of exactly this name'),
    tag: text('tag', 'objects with this tag'),
    component: text('component', 'objects that have this component'),
    parent: text('id', 'objects that hang directly from this one'),
    below: text('id', 'objects that hang anywhere below this one'),
    text: text('words', 'objects whose name or text has all of these words, whatever their case and accents'),
    where: texts('path=value', 'objects with this property, or a JSON filter; may be repeated'),
    near: text('x,y,z', 'a point in the world; needs --radius or --nearest'),
    radius: number(
      'metres',
      { min: 0, max: MAX_RADIUS_METRES, whole: false, fallback: undefined },
      'the radius of the sphere; needs --near',
    ),
    nearest: number(
      'n',
      { min: 1, max: MAX_LIMIT, whole: true, fallback: undefined },
      'the n objects that are nearest to --near',
    ),
    sort: texts('path', 'order by this property, with a - before it downwards; may be repeated'),
    limit: number('n', { min: 1, max: MAX_LIMIT, whole: true, fallback: undefined }, 'at most so many'),
    after: text('cursor', 'the page behind this one: "next" of the page before, from --json'),
    explain: flag('also print which index was used and what the query cost'),
  },
  async run(context) {
    const wanted = queryOf(context.options, context.args.selector);
    const { parent, below, explain } = context.options;
    return withWorld(context, async (world) => {
      const found = world.query({
        ...wanted,
        ...(parent === undefined ? {} : { parent: objectIn(world, parent) }),
        ...(below === undefined ? {} : { descendantsOf: objectIn(world, below) }),
      });
      const { objects, next } = found;
      const plan = explain ? found.explain() : null;
      const short = shortLength(world.ids());
      context.output.result(
        {
          objects: objects.map((object) => objectJson(object, world.stage(object.id))),
          next,
          ...(plan === null ? {} : { plan: { ...plan } }),
        },
        columns(objects.map((object) => objectRow(object, short))),
      );
      if (objects.length === 0) context.output.note('Nothing matches.');
      if (plan !== null) context.output.note(planText(plan));
      return EXIT.ok;
    });
  },
});

interface QueryFlags {
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly tag: string | undefined;
  readonly component: string | undefined;
  readonly text: string | undefined;
  readonly where: readonly string[];
  readonly near: string | undefined;
  readonly radius: number | undefined;
  readonly nearest: number | undefined;
  readonly sort: readonly string[];
  readonly after: string | undefined;
  readonly limit: number | undefined;
}

function queryOf(flags: QueryFlags, select: string | undefined): ObjectQuery {
  const { kind, name, tag, component, text: words, where, sort, after, limit } = flags;
  return {
    ...(select === undefined ? {} : { select }),
    ...(kind === undefined ? {} : { kind }),
    ...(name === undefined ? {} : { name }),
    ...(tag === undefined ? {} : { tag }),
    ...(component === undefined ? {} : { component }),
    ...(words === undefined ? {} : { text: words }),
    ...(where.length === 0 ? {} : { where: filterOf(where) }),
    ...placeOf(flags),
    ...(sort.length === 0 ? {} : { sort: Object.fromEntries(sort.map(readSort)) }),
    ...(after === undefined ? {} : { after }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function placeOf({ near, radius, nearest }: QueryFlags): ObjectQuery {
  if ((near === undefined) !== (radius === undefined && nearest === undefined)) {
    throw new UsageError(
      '--near goes with --radius or --nearest: --near 0,1,0 --radius 5, or --near 0,1,0 --nearest 3.',
    );
  }
  if (near === undefined) return {};
  const point = parseVector(near, '--near');
  return {
    ...(radius === undefined ? {} : { within: { sphere: { center: point, radius } } }),
    ...(nearest === undefined ? {} : { nearest: { to: point, k: nearest } }),
  };
}

function readSort(path: string): readonly [string, 1 | -1] {
  return path.startsWith('-') ? [path.slice(1), -1] : [path, 1];
}

/** All that was given must hold, also where it names one property twice. */
function filterOf(conditions: readonly string[]): Filter {
  const filters = conditions.map((condition) =>
    condition.trimStart().startsWith('{')
      ? readFilter(condition)
      : Object.fromEntries([readCondition(condition)]),
  );
  const [only] = filters;
  return only !== undefined && filters.length === 1 ? only : { $and: filters };
}

function readFilter(text: string): Filter {
  try {
    const filter: Filter = JSON.parse(text);
    return filter;
  } catch (cause) {
    throw new UsageError(
      `--where ${JSON.stringify(text)} is no JSON object: ${cause instanceof Error ? cause.message : ''}`,
    );
  }
}

function planText({ index, candidates, scanned, tests, cost, maxCost, points }: QueryPlan): string {
  const tested = tests.length === 0 ? 'nothing to test' : `tested ${tests.join(', ')}`;
  const counted = points === null || points === 0 ? '' : `; ${points} counted as points, having no bounds`;
  return `Began with ${index} (${candidates}), looked at ${scanned}, ${tested}; cost ${cost} of ${maxCost}${counted}.`;
}

function readCondition(condition: string) {
  const equals = condition.indexOf('=');
  if (equals <= 0) {
    throw new UsageError(`--where takes component.property=value, not ${JSON.stringify(condition)}.`);
  }
  return [condition.slice(0, equals), parseValue(condition.slice(equals + 1))] as const;
}
