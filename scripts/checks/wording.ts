import { type Finding, lineAt } from './finding.ts';
import type { Project } from './project.ts';

interface Pattern {
  readonly pattern: RegExp;
  readonly message: string;
}

// Written apart so that this file does not find itself.
const UNFINISHED: Pattern = {
  pattern: new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`, 'g'),
  message: 'unfinished: do it now, or write it down where work is planned',
};
const TRACES: readonly Pattern[] = [
  {
    pattern: /(?<![\w.:/-])\/(?:work|root|home|Users|tmp|private|var\/folders|workspace)\/[\w.-]+/g,
    message: 'a path of one machine: make it relative, or take it from the environment',
  },
  {
    pattern: new RegExp(
      `\\b(${['registry' + '.npmjs', 'registry' + '.yarnpkg', 'py' + 'pi', 'files.python' + 'hosted', 'proxy' + '.golang'].join('|')})\\.(org|com)\\b`,
      'g',
    ),
    message: 'a package registry: leave the choice of it to whoever installs',
  },
];
const LOCK_FILE = 'package-lock.json';
const LOCKED_HOST: Pattern = {
  pattern: /"resolved": "(?:https?|git\+)[^"]*"/g,
  message: 'the lock file names a registry: install with omit-lockfile-registry-resolved',
};

/** Nothing is marked as unfinished. */
export function markers(project: Project): Finding[] {
  return search(project, (path) => (path === LOCK_FILE ? [] : [UNFINISHED]));
}

/** Nothing tells on which machine, or from which registry, it was made. */
export function machines(project: Project): Finding[] {
  return search(project, (path) => (path === LOCK_FILE ? [LOCKED_HOST] : TRACES));
}

function search(project: Project, patternsFor: (path: string) => readonly Pattern[]): Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of project.texts) {
    for (const { pattern, message } of patternsFor(path)) {
      for (const match of text.matchAll(pattern)) {
        findings.push({ path, line: lineAt(text, match.index), message: `"${match[0]}": ${message}` });
      }
    }
  }
  return findings;
}
