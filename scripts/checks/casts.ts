import { type Finding, lineAt } from './finding.ts';
import type { Project } from './project.ts';

/** The modules that may say `as`: those that make a brand, or that have just checked what they claim. */
export const CAST_MODULES: ReadonlyMap<string, string> = new Map([
  ['packages/core/src/ids.ts', 'makes the id brands, after their patterns matched'],
  [
    'packages/core/src/carrier/writer-key.ts',
    'makes the brands of writers, from a hash or after a pattern matched',
  ],
  ['packages/core/src/components/validate.ts', 'types what it has just checked property by property'],
  ['packages/core/src/rules/decode-rule.ts', 'types what the schema of that kind of rule has just accepted'],
  ['packages/core/src/scene/scene-object.ts', 'reads back its own cache, in which the name decides the type'],
  ['packages/protocol/src/run-id.ts', 'makes the brand of runs, from random bytes'],
  ['packages/protocol/src/frame/frame.ts', 'types what it has just read field by field'],
  ['packages/protocol/src/wire/record.ts', 'types what it has just read field by field'],
]);

/** Outside the parsers nobody claims a type: `as const` and `satisfies` are free, tests may forge what they need. */
export function casts(project: Project, modules = CAST_MODULES): Finding[] {
  const findings: Finding[] = [];
  const used = new Set<string>();
  for (const source of project.sources) {
    if (source.isTest || source.area === 'testing') continue;
    for (const { node } of source.syntax.nodes) {
      if (node.type !== 'TSAsExpression' && node.type !== 'TSTypeAssertion') continue;
      const claimed = source.text.slice(node.typeAnnotation.start, node.typeAnnotation.end);
      if (claimed === 'const') continue;
      used.add(source.path);
      if (modules.has(source.path)) continue;
      const line = lineAt(source.text, node.start);
      findings.push({ path: source.path, line, message: `\`as ${claimed}\`: narrow with a guard, or parse` });
    }
  }
  for (const path of modules.keys()) {
    if (!used.has(path))
      findings.push({ path, line: 0, message: 'in the table of casting modules, casts nothing' });
  }
  return findings;
}
