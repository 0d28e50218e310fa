import { misfitOf } from '../components/custom-check.ts';
import { type CustomSchema, parseSchema } from '../components/custom-schema.ts';
import type { EventContent } from '../event/event-json.ts';
import { decodePolicyContent, encodePolicyContent } from '../event/policy-content.ts';
import { isComponentName, isObjectId, pathOf } from '../ids.ts';
import { isRuleKind, RULE_SCHEMAS, type Rule, type RuleContent, type RuleKind } from './rule.ts';

/** The longest name of a rule, in characters. */
export const MAX_RULE_NAME_CHARACTERS = 64;

const RULE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;

/** A rule that was read, or why the event holds none: then it constrains nothing. */
export type RuleReading = { readonly rule: Rule } | { readonly problem: string };

/** Reads a `world.weft.rule` event. Never throws; bounded by 8 KiB of content. */
export function decodeRuleEvent(event: {
  readonly stateKey: unknown;
  readonly content: unknown;
}): RuleReading {
  const { stateKey: name } = event;
  if (typeof name !== 'string' || !RULE_NAME.test(name))
    return {
      problem: 'the state key should be 1 to 64 of A-Z a-z 0-9 _ . : - and begin with a letter or digit',
    };
  const content = decodePolicyContent(event.content);
  if (content === null) return { problem: 'the content is malformed or larger than 8192 bytes' };
  const { kind } = content;
  if (!isRuleKind(kind)) return { problem: `kind should be one of ${Object.keys(RULE_SCHEMAS).join(', ')}` };
  const misfit = misfitOf(shapeOf(kind), content);
  if (misfit !== null)
    return { problem: `${misfit.at.slice(1) || 'the content'} should be ${misfit.expected}` };
  // Checked against the schema that its type is made of, just now.
  const rule = { ...content, name } as unknown as Rule;
  const problem = problemOf(rule);
  return problem === null ? { rule: Object.freeze(rule) } : { problem };
}

/** The content of the event that `decodeRuleEvent` reads back. */
export function encodeRuleEvent(rule: RuleContent): EventContent {
  const { name: _name, ...content } = { name: '', ...rule };
  // JSON of the same shape; what the schema keyword holds is checked by whoever reads it.
  return encodePolicyContent(content as EventContent);
}

const shapes = new Map<RuleKind, CustomSchema>();

function shapeOf(kind: RuleKind): CustomSchema {
  const known = shapes.get(kind);
  if (known !== undefined) return known;
  const reading = parseSchema(JSON.parse(JSON.stringify(RULE_SCHEMAS[kind])));
  if ('problem' in reading) throw new TypeError(reading.problem);
  shapes.set(kind, reading.schema);
  return reading.schema;
}

/** What a schema cannot say. */
function problemOf(rule: Rule): string | null {
  const { match } = rule;
  if (match?.component !== undefined && !isComponentName(match.component))
    return 'match.component should be the name of a component';
  if (match?.under !== undefined && !isObjectId(match.under))
    return 'match.under should be the id of an object';
  switch (rule.kind) {
    case 'schema':
      return schemaProblemOf(rule);
    case 'parent': {
      const odd = rule.parents.find(
        ({ component }) => component !== undefined && !isComponentName(component),
      );
      return odd === undefined ? null : 'parents should name components';
    }
    case 'bounds':
      return rule.min.some((least, axis) => least > (rule.max[axis] ?? least))
        ? 'min should not be greater than max'
        : null;
    case 'unique':
      return isPathText(rule.property) ? null : 'property should be component.property';
    case 'range':
      if (!isPathText(rule.property)) return 'property should be component.property';
      if (rule.min === undefined && rule.max === undefined) return 'min or max should be there';
      return (rule.min ?? 0) > (rule.max ?? rule.min ?? 0) ? 'min should not be greater than max' : null;
    case 'limit':
    case 'locked':
      return null;
  }
}

function schemaProblemOf(rule: Extract<Rule, { readonly kind: 'schema' }>): string | null {
  if (!isComponentName(rule.component)) return 'component should be the name of a component';
  if (rule.schema === undefined) return rule.required === true ? null : 'schema or required should be there';
  const reading = parseSchema(rule.schema);
  return 'problem' in reading ? reading.problem : null;
}

function isPathText(text: string): boolean {
  const dot = text.indexOf('.');
  return dot > 0 && pathOf(text.slice(0, dot), text.slice(dot + 1)) !== undefined;
}
