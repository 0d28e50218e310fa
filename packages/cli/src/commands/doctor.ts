import { resolve } from 'node:path';
import { defineCommand } from '../command.ts';
import type { Finding } from '../doctor/finding.ts';
import {
  checkChromium,
  checkFolder,
  checkHomeserver,
  checkNode,
  checkPython,
  checkRelay,
  checkStack,
  checkSynapse,
} from '../doctor/parts.ts';
import { EXIT } from '../failure.ts';
import { text } from '../options.ts';
import { columns } from '../output.ts';
import { STUDIO_ROOT } from '../stack/paths.ts';

const MARKS = { ok: '✓', optional: '·', missing: '✗' } as const;

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'check what the local stack needs, and say what to do about what is missing',
  description:
    'Looks at Node, Python, the installed Synapse, the folder, what runs right now and the browser for tests. ' +
    'Changes nothing. Fails only when something is missing that "up" cannot install by itself.',
  examples: [
    { command: 'doctor', does: 'Check this machine' },
    { command: 'doctor --homeserver https://matrix.example.org', does: 'Check a homeserver too' },
  ],
  args: {},
  options: { homeserver: text('url', 'check that this homeserver answers; Python is not needed then') },
  async run({ options, environment, weftDirectory, output }) {
    const remote = options.homeserver === undefined ? [] : [await checkHomeserver(options.homeserver)];
    const python = await checkPython({ ...environment });
    const findings: readonly Finding[] = [
      checkNode(process.versions.node),
      remote.length === 0 || python.state === 'ok' ? python : { ...python, state: 'optional' },
      checkSynapse(weftDirectory),
      await checkFolder(weftDirectory),
      await checkStack(weftDirectory),
      await checkRelay(weftDirectory),
      ...remote,
      checkChromium(resolve(STUDIO_ROOT, '../..')),
    ];
    const missing = findings.some(({ state }) => state === 'missing');
    output.result({ ok: !missing, parts: findings.map((finding) => ({ ...finding })) }, report(findings));
    return missing ? EXIT.failed : EXIT.ok;
  },
});

function report(findings: readonly Finding[]): string {
  return columns(
    findings.map(({ part, state, detail, hint }) => [
      `${MARKS[state]} ${part}`,
      state === 'ok' ? detail : `${detail}. ${hint}`,
    ]),
  );
}
