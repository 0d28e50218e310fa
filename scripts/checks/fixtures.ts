import type { Finding } from './finding.ts';
import { type Project, projectOf } from './project.ts';

/** A repository made of these files alone. */
export function repository(files: Readonly<Record<string, string>>): Project {
  return projectOf(new Map(Object.entries(files)));
}

/** A package.json as the checks read it. */
export function manifest(
  name: string,
  parts: { dependencies?: string[]; exports?: Record<string, string> } = {},
): string {
  const dependencies = Object.fromEntries((parts.dependencies ?? []).map((each) => [each, '*']));
  return JSON.stringify({ name, dependencies, exports: parts.exports ?? { '.': './src/index.ts' } });
}

/** `path:line` of each finding: what a test compares. */
export function places(findings: readonly Finding[]): string[] {
  return findings.map(({ path, line }) => `${path}:${line}`);
}
