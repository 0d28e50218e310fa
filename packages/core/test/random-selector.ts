import fc from 'fast-check';
import { type ObjectId, parsePath, ROOT, type Scene, type SceneObject } from '../src/index.ts';

/** One step of a selector, as data: the oracle reads this, the query reads its text. */
export interface Step {
  readonly kind?: string;
  readonly id?: string;
  readonly tag?: string;
  readonly attribute?: Attribute;
  readonly not?: Step;
  readonly has?: Step;
  readonly child?: 'first-child' | 'last-child' | 'only-child' | 'empty' | 'root';
}

interface Attribute {
  readonly component: string;
  readonly property?: string;
  readonly operator?: '=' | '^=' | '$=' | '*=' | '~=' | '!=';
  readonly value?: string;
}

type Combinator = ' ' | ' > ' | ' + ' | ' ~ ';

export interface Complex {
  readonly first: Step;
  readonly rest: readonly { readonly combinator: Combinator; readonly step: Step }[];
}

const attribute: fc.Arbitrary<Attribute> = fc.oneof(
  fc.record({ component: fc.constantFrom('node', 'transform', 'acme:door', 'light') }),
  fc.record({
    component: fc.constant('node'),
    property: fc.constantFrom('name', 'order', 'tags', 'kind'),
    operator: fc.constantFrom<NonNullable<Attribute['operator']>>('=', '^=', '$=', '*=', '~=', '!='),
    value: fc.constantFrom('Lamp', 'Oak', 'table', 'a0', 'x', 'lamp', 'a'),
  }),
);

const plainStep: fc.Arbitrary<Step> = fc.record(
  {
    kind: fc.constantFrom('lamp', 'room'),
    id: fc.constantFrom('a', 'b', 'c', 'ghost'),
    tag: fc.constantFrom('x', 'y', 'z'),
    attribute,
    child: fc.constantFrom('first-child', 'last-child', 'only-child', 'empty', 'root'),
  },
  { requiredKeys: [] },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: plainStep.filter((each) => Object.keys(each).length < 3) },
  {
    weight: 1,
    arbitrary: fc.record(
      { not: plainStep, kind: fc.constantFrom('lamp', 'room') },
      { requiredKeys: ['not'] },
    ),
  },
  { weight: 1, arbitrary: fc.record({ has: plainStep }) },
);

const complex: fc.Arbitrary<Complex> = fc.record({
  first: step,
  rest: fc.array(fc.record({ combinator: fc.constantFrom<Combinator>(' ', ' > ', ' + ', ' ~ '), step }), {
    maxLength: 2,
  }),
});

/** One or two alternatives. */
export const selector: fc.Arbitrary<readonly Complex[]> = fc.array(complex, { minLength: 1, maxLength: 2 });

export function selectorText(alternatives: readonly Complex[]): string {
  return alternatives
    .map(
      ({ first, rest }) =>
        stepText(first) + rest.map((next) => next.combinator + stepText(next.step)).join(''),
    )
    .join(', ');
}

function stepText({ kind, id, tag, attribute: test, not, has, child }: Step): string {
  const text = [
    kind ?? '',
    id === undefined ? '' : `#${id}`,
    tag === undefined ? '' : `.${tag}`,
    test === undefined ? '' : attributeText(test),
    not === undefined ? '' : `:not(${stepText(not)})`,
    has === undefined ? '' : `:has(${stepText(has)})`,
    child === undefined ? '' : `:${child}`,
  ].join('');
  return text === '' ? '*' : text;
}

function attributeText({ component, property, operator, value }: Attribute): string {
  if (property === undefined) return `[${component}]`;
  return `[${component}${property.length % 2 === 0 ? '|' : '.'}${property}${operator}"${value}"]`;
}

/** Whether an object matches, by reading the selector from right to left as CSS says. */
export function selects(scene: Scene, id: ObjectId, alternatives: readonly Complex[]): boolean {
  return alternatives.some(({ first, rest }) => endsAt(scene, id, first, rest));
}

function endsAt(scene: Scene, id: ObjectId, first: Step, rest: Complex['rest']): boolean {
  const last = rest.at(-1);
  if (last === undefined) return isStep(scene, id, first);
  if (!isStep(scene, id, last.step)) return false;
  return leftOf(scene, id, last.combinator).some((other) => endsAt(scene, other, first, rest.slice(0, -1)));
}

function leftOf(scene: Scene, id: ObjectId, combinator: Combinator): readonly ObjectId[] {
  const up = ancestors(scene, id);
  const before = siblings(scene, id).slice(0, siblings(scene, id).indexOf(id));
  switch (combinator) {
    case ' ':
      return up;
    case ' > ':
      return up.slice(0, 1);
    case ' + ':
      return before.slice(-1);
    case ' ~ ':
      return before;
  }
}

function isStep(scene: Scene, id: ObjectId, step: Step): boolean {
  const object = scene.get(id);
  if (object === undefined) return false;
  const tags = object.get(parsePath('node.tags'));
  return (
    (step.kind === undefined || object.get(parsePath('node.kind')) === step.kind) &&
    (step.id === undefined || id === step.id) &&
    (step.tag === undefined || (Array.isArray(tags) && tags.includes(step.tag))) &&
    (step.attribute === undefined || hasAttribute(object, step.attribute)) &&
    (step.not === undefined || !isStep(scene, id, step.not)) &&
    (step.has === undefined || hasBelow(scene, id, step.has)) &&
    (step.child === undefined || isPlaced(scene, id, step.child))
  );
}

function hasAttribute(
  object: SceneObject,
  { component, property, operator, value = '' }: Attribute,
): boolean {
  const held = object.component(component);
  if (property === undefined) return held !== undefined;
  const written = held?.[property];
  if (written === undefined) return operator === '!=';
  const text =
    Array.isArray(written) && written.every((item) => typeof item === 'string')
      ? written.join(' ')
      : typeof written === 'string'
        ? written
        : JSON.stringify(written);
  switch (operator) {
    case '^=':
      return text.startsWith(value);
    case '$=':
      return text.endsWith(value);
    case '*=':
      return text.includes(value);
    case '~=':
      return text.split(/\s/).includes(value);
    case '!=':
      return text !== value;
    default:
      return text === value;
  }
}

function hasBelow(scene: Scene, id: ObjectId, step: Step): boolean {
  return scene.children(id).some((child) => isStep(scene, child, step) || hasBelow(scene, child, step));
}

function isPlaced(scene: Scene, id: ObjectId, child: NonNullable<Step['child']>): boolean {
  const all = siblings(scene, id);
  switch (child) {
    case 'first-child':
      return all[0] === id;
    case 'last-child':
      return all.at(-1) === id;
    case 'only-child':
      return all.length === 1;
    case 'empty':
      return scene.children(id).length === 0;
    case 'root':
      return scene.get(id)?.parent === ROOT;
  }
}

function siblings(scene: Scene, id: ObjectId): readonly ObjectId[] {
  return scene.children(scene.get(id)?.parent ?? ROOT);
}

export function ancestors(scene: Scene, id: ObjectId): readonly ObjectId[] {
  const parent = scene.get(id)?.parent ?? ROOT;
  return parent === ROOT ? [] : [parent, ...ancestors(scene, parent)];
}
