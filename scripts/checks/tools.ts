import { execFile } from 'node:child_process';
import { join, relative, resolve } from 'node:path';
import type { Finding } from './finding.ts';

export type TypeErrorLine = Finding;

const TOOL_TIMEOUT_MS = 300_000;
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;
const TSC_LINE = /^(?<path>[^\s(][^(\n]*)\((?<line>\d+),\d+\): error (?<message>.*(?:\n {2}.*)*)/gm;
const BIOME_LINE =
  /^::(?:error|warning) title=(?<title>[^,\n]*),file=(?<path>[^,\n]*),line=(?<line>\d+)[^\n]*?::(?<message>.*)$/gm;

/** The type errors under a tsconfig. */
export async function typescript(root: string, config: string): Promise<TypeErrorLine[]> {
  const args = [join('node_modules', 'typescript', 'bin', 'tsc'), '--project', config, '--pretty', 'false'];
  return findingsOf('tsc', await runTool(root, process.execPath, args), TSC_LINE);
}

/** What the linter and the formatter object to. */
export async function biome(root: string): Promise<Finding[]> {
  const args = [join('node_modules', '@biomejs', 'biome', 'bin', 'biome'), 'check', '--reporter=github'];
  const options = ['--error-on-warnings', '--max-diagnostics=none', '--colors=off'];
  const findings = findingsOf(
    'biome',
    await runTool(root, process.execPath, [...args, ...options]),
    BIOME_LINE,
  );
  return findings.map((finding) => ({
    ...finding,
    path: relative(root, resolve(root, finding.path)) || '.',
  }));
}

export interface ToolRun {
  readonly code: number | null;
  readonly output: string;
}

/** A tool that failed with words that we cannot place is itself a finding: silence is never success. */
export function findingsOf(tool: string, { code, output }: ToolRun, pattern: RegExp): Finding[] {
  const findings: Finding[] = [];
  for (const { groups = {} } of output.matchAll(pattern)) {
    const { path = '', line = '0', message = '', title = '' } = groups;
    const text = message.replaceAll('%0A', ' ').trim();
    const shown = title === 'format' ? 'not formatted: run npm run format' : `${title}: ${text}`;
    findings.push({ path, line: Number.parseInt(line, 10), message: title === '' ? text : shown });
  }
  if (code !== 0 && findings.length === 0) {
    findings.push({ path: '.', line: 0, message: `${tool} ended with code ${code}: ${output.trim()}` });
  }
  return findings;
}

function runTool(root: string, command: string, args: readonly string[]): Promise<ToolRun> {
  return new Promise((resolve) => {
    const options = { cwd: root, timeout: TOOL_TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : child.exitCode;
      resolve({ code, output: code === 0 ? stdout : `${stdout}\n${stderr || (error?.message ?? '')}` });
    });
  });
}
