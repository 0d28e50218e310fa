import {
  AttributeAction,
  type AttributeSelector,
  type PseudoSelector,
  parse,
  type Selector,
  SelectorType,
} from 'css-what';
import { isComponentName, isPropertyName } from '../ids.ts';
import { invalid } from './invalid.ts';
import { MAX_SELECTOR_CHARACTERS, MAX_SELECTOR_DEPTH, MAX_SELECTOR_PARTS } from './limits.ts';
import { escapeNames } from './selector-syntax.ts';

/** Which other objects decide whether an object matches: none, those above it, or any. */
export type Reach = 'self' | 'above' | 'anywhere';

/** What every match of one alternative is or has. */
export type Anchor = {
  readonly by: 'id' | 'tag' | 'kind' | 'component';
  readonly word: string;
};

export interface CheckedSelector {
  readonly tokens: () => Selector[][];
  readonly reach: Reach;
  /** One for each alternative; `null` where one of them has none, so that an index cannot find them all. */
  readonly anchors: readonly Anchor[] | null;
}

/**
 * Stands for `.tag` among the pseudo-classes: a tag may hold a space, which the words of a class cannot. Nobody can
 * write it, since names of pseudo-classes are read in lower case.
 */
export const TAG_PSEUDO = 'TAG';

const NESTING: ReadonlySet<string> = new Set(['is', 'where', 'not', 'has']);
const WORDS: ReadonlySet<string> = new Set(['contains', 'icontains']);
const COUNTING: ReadonlySet<string> = new Set(['nth-child', 'nth-last-child']);
const PLAIN: ReadonlySet<string> = new Set(['first-child', 'last-child', 'only-child', 'empty', 'root']);
const ALLOWED = [...NESTING, ...WORDS, ...COUNTING, ...PLAIN];
const NTH = /^(even|odd|[+-]?\d{0,6}n?(\s*[+-]\s*\d{1,6})?)$/;
const MAX_PSEUDO_CHARACTERS = 256;

export function checkSelector(select: unknown): CheckedSelector | null {
  if (select === undefined) return null;
  if (typeof select !== 'string' || select.length > MAX_SELECTOR_CHARACTERS)
    throw invalid('select', `a selector of at most ${MAX_SELECTOR_CHARACTERS} characters`, select);
  const tokens = parsed(select);
  const check = new SelectorCheck(select);
  for (const alternative of tokens) check.sequence(alternative, 0);
  const anchors = tokens.map(anchorOf).filter((anchor) => anchor !== null);
  return {
    // css-select reorders what it compiles.
    tokens: () => structuredClone(tokens),
    reach: check.reach,
    anchors: anchors.length === tokens.length ? anchors : null,
  };
}

function parsed(select: string): Selector[][] {
  let tokens: Selector[][];
  try {
    tokens = parse(escapeNames(select));
  } catch (cause) {
    throw invalid('select', 'a CSS selector', select, cause);
  }
  if (tokens.length === 0) throw invalid('select', 'a selector that is not empty', select);
  return tokens.map((alternative) => alternative.map(rewritten));
}

/** As css-select wants it: a namespace is part of the name, and a class is a tag of ours. */
function rewritten(token: Selector): Selector {
  if (token.type === SelectorType.Attribute) {
    if (token.name === 'class' && token.namespace === null && token.ignoreCase === 'quirks')
      return { type: SelectorType.Pseudo, name: TAG_PSEUDO, data: token.value };
    const name = token.namespace === null ? token.name : `${token.namespace}.${token.name}`;
    return { ...token, name, namespace: null };
  }
  if (token.type === SelectorType.Pseudo && Array.isArray(token.data))
    return { ...token, data: token.data.map((alternative) => alternative.map(rewritten)) };
  return token;
}

class SelectorCheck {
  reach: Reach = 'self';
  readonly #select: string;
  #parts = 0;

  constructor(select: string) {
    this.#select = select;
  }

  sequence(tokens: readonly Selector[], depth: number, isRelative = false): void {
    const [first] = tokens;
    if (tokens.length === 0) throw this.#refuse('something to select');
    if (!isRelative && first !== undefined && isCombinator(first))
      throw this.#refuse('no combinator at the start');
    const last = tokens.at(-1);
    if (last !== undefined && isCombinator(last)) throw this.#refuse('no combinator at the end');
    for (const token of tokens) this.#token(token, depth);
  }

  #token(token: Selector, depth: number): void {
    this.#parts += 1;
    if (this.#parts > MAX_SELECTOR_PARTS) throw this.#refuse(`at most ${MAX_SELECTOR_PARTS} parts`);
    switch (token.type) {
      case SelectorType.Universal:
      case SelectorType.Tag:
        if (token.namespace !== null) throw this.#refuse('no namespace on a kind');
        return;
      case SelectorType.Attribute:
        this.#attribute(token);
        return;
      case SelectorType.Pseudo:
        this.#pseudo(token, depth);
        return;
      case SelectorType.Child:
      case SelectorType.Descendant:
        this.#widen('above');
        return;
      case SelectorType.Adjacent:
      case SelectorType.Sibling:
        this.#widen('anywhere');
        return;
      default:
        throw this.#refuse(
          'kinds, #id, .tag, [component|property], pseudo-classes and the combinators > + ~',
        );
    }
  }

  #attribute({ name, action }: AttributeSelector): void {
    if (name === 'id') return;
    const dot = name.indexOf('.');
    const component = dot < 0 ? name : name.slice(0, dot);
    if (!isComponentName(component)) throw this.#refuse(`the name of a component in place of ${name}`);
    if (dot >= 0 && !isPropertyName(name.slice(dot + 1)))
      throw this.#refuse(`the name of a property in place of ${name}`);
    if (dot < 0 && action !== AttributeAction.Exists)
      throw this.#refuse(`a property to compare: [${component}|property=value]`);
  }

  #pseudo({ name, data }: PseudoSelector, depth: number): void {
    if (name === TAG_PSEUDO) return;
    if (NESTING.has(name) && Array.isArray(data)) {
      if (depth >= MAX_SELECTOR_DEPTH)
        throw this.#refuse(`at most ${MAX_SELECTOR_DEPTH} levels of :${name}()`);
      if (name === 'has') this.#widen('anywhere');
      for (const alternative of data) this.sequence(alternative, depth + 1, name === 'has');
      return;
    }
    if (WORDS.has(name) && typeof data === 'string' && data.length <= MAX_PSEUDO_CHARACTERS) return;
    const isCount = COUNTING.has(name) && typeof data === 'string' && data !== '' && NTH.test(data.trim());
    if (!isCount && !(PLAIN.has(name) && data === null))
      throw this.#refuse(`pseudo-classes among :${ALLOWED.join(', :')}`);
    this.#widen(name === 'root' ? 'above' : 'anywhere');
  }

  #widen(reach: Reach): void {
    if (this.reach !== 'anywhere') this.reach = reach;
  }

  #refuse(expected: string): Error {
    return invalid('select', expected, this.#select);
  }
}

function isCombinator(token: Selector): boolean {
  return (
    token.type === SelectorType.Child ||
    token.type === SelectorType.Descendant ||
    token.type === SelectorType.Adjacent ||
    token.type === SelectorType.Sibling
  );
}

/** The rarest thing that the last step of an alternative asks for: id, then tag, then kind, then component. */
function anchorOf(tokens: readonly Selector[]): Anchor | null {
  const last = tokens.slice(tokens.findLastIndex(isCombinator) + 1);
  const anchors = last.map(anchorOfToken);
  for (const by of ['id', 'tag', 'kind', 'component'])
    for (const anchor of anchors) if (anchor?.by === by) return anchor;
  return null;
}

function anchorOfToken(token: Selector): Anchor | null {
  if (token.type === SelectorType.Tag) return { by: 'kind', word: token.name };
  if (token.type === SelectorType.Pseudo && token.name === TAG_PSEUDO && typeof token.data === 'string')
    return { by: 'tag', word: token.data };
  if (token.type !== SelectorType.Attribute) return null;
  if (token.name === 'id')
    return token.action === AttributeAction.Equals && token.ignoreCase !== true
      ? { by: 'id', word: token.value }
      : null;
  // `!=` also holds of what has no such property.
  if (token.action === AttributeAction.Not) return null;
  const [component = ''] = token.name.split('.', 1);
  return { by: 'component', word: component };
}
