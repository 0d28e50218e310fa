import type { Finding } from './finding.ts';
import type { Project } from './project.ts';

export const MAX_MEDIAN_LINES = 150;
export const MAX_LINES = 400;
export const MAX_TEST_LINES = 800;

/** Files that may be longer, and why one file serves the reader better than two. */
export const LONG_FILES: ReadonlyMap<string, string> = new Map();

/** One concept a file: the median stays small, and no file grows into the thing that knows everything. */
export function sizes(project: Project, excused = LONG_FILES): Finding[] {
  const findings: Finding[] = [];
  const lengths: number[] = [];
  for (const { path, text, isTest } of project.sources) {
    const lines = text.split('\n').length - 1;
    const limit = isTest ? MAX_TEST_LINES : MAX_LINES;
    if (!isTest) lengths.push(lines);
    if (lines > limit && !excused.has(path)) {
      findings.push({ path, line: 0, message: `${lines} lines, limit ${limit}: split it by concept` });
    }
  }
  lengths.sort((a, b) => a - b);
  const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
  if (median >= MAX_MEDIAN_LINES) {
    findings.push({ path: '.', line: 0, message: `median ${median} lines, limit ${MAX_MEDIAN_LINES}` });
  }
  for (const path of excused.keys()) {
    if (!project.texts.has(path))
      findings.push({ path, line: 0, message: 'excused from the limit, does not exist' });
  }
  return findings;
}
