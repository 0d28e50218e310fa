import { SchemaCheck } from '../components/custom-check.ts';
import type { RuleFacts } from './facts.ts';
import type { Breach, Judge } from './judge.ts';

/** How an object breaks rules by itself, in their order: the first suspends it. All schemas share the steps of the object. */
export function* breachesOf(
  judges: Iterable<Judge>,
  facts: RuleFacts,
): Generator<{ readonly judge: Judge; readonly breach: Breach }> {
  const check = new SchemaCheck();
  for (const judge of judges) {
    const breach = judge.breachOf?.(facts, check) ?? null;
    if (breach !== null) yield { judge, breach };
  }
}
