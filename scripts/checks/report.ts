import type { CheckResult } from './run-checks.ts';

const NAME_WIDTH = 14;
const MAX_SHOWN_FINDINGS = 200;

/** The findings, each as `path:line  message`, then one table of the checks. */
export function report(results: readonly CheckResult[]): string {
  const lines: string[] = [];
  for (const { name, findings } of results) {
    for (const { path, line, message } of findings.slice(0, MAX_SHOWN_FINDINGS)) {
      lines.push(`${name.padEnd(NAME_WIDTH)} ${path}${line === 0 ? '' : `:${line}`}  ${message}`);
    }
    const hidden = findings.length - MAX_SHOWN_FINDINGS;
    if (hidden > 0) lines.push(`${name.padEnd(NAME_WIDTH)} and ${hidden} more`);
  }
  if (lines.length > 0) lines.push('');
  lines.push(
    `${'check'.padEnd(NAME_WIDTH)} ${'result'.padEnd(8)} ${'findings'.padStart(8)} ${'ms'.padStart(7)}`,
  );
  for (const { name, findings, ms } of results) {
    const result = findings.length === 0 ? 'ok' : 'FAILED';
    const count = String(findings.length).padStart(8);
    lines.push(`${name.padEnd(NAME_WIDTH)} ${result.padEnd(8)} ${count} ${ms.toFixed(0).padStart(7)}`);
  }
  return lines.join('\n');
}
