import type { Node } from 'oxc-parser';
import { type Finding, lineAt } from './finding.ts';
import type { Project, Source } from './project.ts';
import { isReference } from './syntax.ts';

const WAITS: ReadonlySet<string> = new Set(['setTimeout', 'setInterval', 'Atomics']);
const TIMER_MODULES: ReadonlySet<string> = new Set([
  'node:timers',
  'node:timers/promises',
  'timers/promises',
]);
const SUITES: ReadonlySet<string> = new Set(['test', 'it', 'describe', 'suite']);
const EVADES: ReadonlySet<string> = new Set(['skip', 'only', 'todo', 'skipIf', 'runIf', 'fails']);
const UNIT = /(?<!\.(synapse|browser|federation|ipfs))\.test\.tsx?$/;

/** Unit tests wait for nothing real, and no test is switched off, singled out or expected to fail. */
export function tests(project: Project): Finding[] {
  return project.sources.filter((source) => source.isTest).flatMap(evasions);
}

function evasions(source: Source): Finding[] {
  const findings: Finding[] = [];
  const report = (offset: number, message: string): void => {
    findings.push({ path: source.path, line: lineAt(source.text, offset), message });
  };
  const isUnit = UNIT.test(source.path);
  for (const { specifier, offset } of source.syntax.imports) {
    if (isUnit && TIMER_MODULES.has(specifier)) report(offset, 'a unit test does not wait: use FakeTimers');
  }
  for (const visited of source.syntax.nodes) {
    const { node } = visited;
    if (node.type === 'Identifier' && isUnit && WAITS.has(node.name) && isReference(visited)) {
      report(node.start, `${node.name}: a unit test does not wait, use FakeTimers`);
    }
    const evasion = evasionOf(node);
    if (evasion !== null) report(node.start, `.${evasion}: a test runs, or it goes`);
  }
  return findings;
}

/** The `skip` of `test.skip`, `describe.concurrent.skip` and their like. */
function evasionOf(node: Node): string | null {
  if (node.type !== 'MemberExpression' || node.property.type !== 'Identifier') return null;
  if (!EVADES.has(node.property.name)) return null;
  let base: Node = node.object;
  while (base.type === 'MemberExpression') base = base.object;
  return base.type === 'Identifier' && SUITES.has(base.name) ? node.property.name : null;
}
