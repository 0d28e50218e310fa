import type { Finding } from './finding.ts';
import { type Project, targetOf } from './project.ts';

/** No file imports itself by way of others, type-only imports included. Each cycle is reported once. */
export function cycles(project: Project): Finding[] {
  const graph = new Map<string, readonly string[]>();
  for (const source of project.sources) {
    const targets = source.syntax.imports.map((each) => targetOf(source, each));
    graph.set(
      source.path,
      targets.filter((target) => target !== null),
    );
  }
  const findings: Finding[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const cycle = [...trail.slice(start), path];
      findings.push({ path, line: 0, message: `imports itself: ${cycle.join(' -> ')}` });
      return;
    }
    if (done.has(path)) return;
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of [...graph.keys()].sort()) visit(path, []);
  return findings;
}
