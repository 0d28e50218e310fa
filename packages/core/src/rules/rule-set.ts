import type { ObjectId } from '../ids.ts';
import { compareUtf8 } from '../value/utf8.ts';
import { Candidates } from './candidates.ts';
import { type Judge, judgeOf, type Reads, unionOfReads } from './judge.ts';
import { MAX_RULES, type Rule } from './rule.ts';

/** Tells the objects of a steward's sealed carrier, which no rule suspends. */
export type IsSealed = (id: ObjectId) => boolean;

/** The rules of a world, ready to be asked, in the order in which the reduction takes them. */
export interface RuleSet {
  /** Those that look at one object. */
  readonly single: readonly Judge[];
  /** Those that count objects, each over what those before it left. */
  readonly counting: readonly Judge[];
  readonly singleFor: Candidates;
  readonly countingFor: Candidates;
  /** Those that only authors and relays obey. */
  readonly locks: readonly Judge[];
  /** What the rules read of an object, and of what it hangs from. */
  readonly own: Reads;
  readonly parents: Reads;
  readonly asksAncestors: boolean;
  readonly asksOrigin: boolean;
}

/**
 * The rules in force: of equal names the last one given, and of more than `MAX_RULES` the first in UTF-8 order of their
 * names. Rules that look at one object come before those that count.
 */
export function ruleSetOf(rules: Iterable<Rule>): RuleSet {
  const named = new Map([...rules].map((rule) => [rule.name, rule]));
  const judges = [...named.values()]
    .sort((a, b) => compareUtf8(a.name, b.name))
    .slice(0, MAX_RULES)
    .map(judgeOf);
  const reduced = judges.filter(({ rule }) => rule.kind !== 'locked');
  const single = reduced.filter(({ breachOf }) => breachOf !== null);
  const counting = reduced.filter(({ keyOf }) => keyOf !== null);
  return {
    single,
    counting,
    singleFor: new Candidates(single),
    countingFor: new Candidates(counting),
    locks: judges.filter(({ rule }) => rule.kind === 'locked'),
    own: unionOfReads(reduced.map(({ own }) => own)),
    parents: unionOfReads(reduced.map(({ parents }) => parents)),
    asksAncestors: reduced.some(({ asksAncestors }) => asksAncestors),
    asksOrigin: reduced.some(({ asksOrigin }) => asksOrigin),
  };
}

export const NO_RULES: RuleSet = ruleSetOf([]);
