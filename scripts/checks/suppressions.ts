import { type Finding, lineAt } from './finding.ts';
import type { Project, Source } from './project.ts';

const MIN_REASON_CHARACTERS = 10;
const IGNORE = /^[\s*]*@ts-(ignore|nocheck|expect-error)\b:?(.*)/s;
const BIOME = /^[\s*]*biome-ignore(?:-\w+)?\s+[^:]*:?(.*)/s;

/** No `any` and no `!`; where the compiler or the linter is told to look away, the comment says why. */
export function suppressions(project: Project): Finding[] {
  return project.sources.flatMap((source) => [...inComments(source), ...inTypes(source)]);
}

function inComments(source: Source): Finding[] {
  const findings: Finding[] = [];
  for (const { value, start } of source.syntax.comments) {
    const report = (message: string): void => {
      findings.push({ path: source.path, line: lineAt(source.text, start), message });
    };
    const ignore = IGNORE.exec(value);
    if (ignore !== null && ignore[1] !== 'expect-error')
      report(`@ts-${ignore[1]} hides every error: use @ts-expect-error with a reason`);
    const reason = ignore?.[2] ?? BIOME.exec(value)?.[1];
    if (reason !== undefined && reason.trim().length < MIN_REASON_CHARACTERS)
      report('a suppression says why, after a colon');
  }
  return findings;
}

function inTypes(source: Source): Finding[] {
  const findings: Finding[] = [];
  const excused = new Set(
    source.syntax.comments
      .filter(({ value }) => BIOME.test(value))
      .map(({ end }) => lineAt(source.text, end) + 1),
  );
  for (const { node } of source.syntax.nodes) {
    if (node.type !== 'TSAnyKeyword' && node.type !== 'TSNonNullExpression') continue;
    const line = lineAt(source.text, node.start);
    if (excused.has(line)) continue;
    const message =
      node.type === 'TSAnyKeyword' ? '`any`: use `unknown` and narrow it' : '`!`: narrow it, or throw';
    findings.push({ path: source.path, line, message });
  }
  return findings;
}
