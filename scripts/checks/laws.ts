import { type Finding, lineAt } from './finding.ts';
import type { Project } from './project.ts';

const PAGE = 'ARCHITECTURE.md';
const STATED = /^\| ([A-Z]{1,2}\d+) \|/gm;
const PROVED = /['"`]\[([A-Z]{1,2}\d+)\] /g;

/** Each law of the architecture has a test that carries its id, and no test an id that is no law. */
export function laws(project: Project): Finding[] {
  const findings: Finding[] = [];
  const page = project.texts.get(PAGE) ?? '';
  const stated = new Map(
    [...page.matchAll(STATED)].map(({ 1: id = '', index }) => [id, lineAt(page, index)]),
  );
  const proved = new Set<string>();
  for (const { path, text, isTest } of project.sources) {
    if (!isTest) continue;
    for (const { 1: id = '', index } of text.matchAll(PROVED)) {
      proved.add(id);
      if (!stated.has(id))
        findings.push({ path, line: lineAt(text, index), message: `[${id}] is no law of ${PAGE}` });
    }
  }
  for (const [id, line] of stated)
    if (!proved.has(id)) findings.push({ path: PAGE, line, message: `no test is titled [${id}]` });
  return findings;
}
