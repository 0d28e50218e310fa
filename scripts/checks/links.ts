import { posix } from 'node:path';
import { type Finding, lineAt } from './finding.ts';
import type { Project } from './project.ts';

const LINK = /!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g;
const CODE = /^(```|~~~)[\s\S]*?^\1|`[^`\n]*`/gm;
const HEADING = /^#{1,6}\s+(.+?)\s*#*$/gm;
const ELSEWHERE = /^[a-z][a-z0-9+.-]*:/i;

/** Each relative link of a Markdown page leads to a file, and to a heading that it has. */
export function links(project: Project): Finding[] {
  const findings: Finding[] = [];
  const directories = directoriesOf(project.texts.keys());
  for (const [path, text] of project.texts) {
    if (!path.endsWith('.md')) continue;
    for (const match of blank(text, CODE).matchAll(LINK)) {
      const [, link = ''] = match;
      if (ELSEWHERE.test(link)) continue;
      const [file = '', anchor = ''] = decodeURI(link).split('#');
      const target = file === '' ? path : posix.join(posix.dirname(path), file).replace(/\/$/, '');
      const page = project.texts.get(target);
      if (page === undefined && !directories.has(target)) {
        findings.push({ path, line: lineAt(text, match.index), message: `${link}: no such file` });
      } else if (
        anchor !== '' &&
        page !== undefined &&
        target.endsWith('.md') &&
        !anchorsOf(page).has(anchor)
      ) {
        findings.push({ path, line: lineAt(text, match.index), message: `${link}: no such heading` });
      }
    }
  }
  return findings;
}

/** GitHub's rule: lower case, punctuation gone, spaces to dashes, later twins numbered. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of page.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(HEADING)) {
    const base = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = base;
    for (let twin = 1; anchors.has(anchor); twin += 1) anchor = `${base}-${twin}`;
    anchors.add(anchor);
  }
  return anchors;
}

function directoriesOf(paths: Iterable<string>): Set<string> {
  const directories = new Set<string>(['.']);
  for (const path of paths) {
    for (let at = posix.dirname(path); at !== '.'; at = posix.dirname(at)) directories.add(at);
  }
  return directories;
}

function blank(text: string, pattern: RegExp): string {
  return text.replaceAll(pattern, (match) => match.replaceAll(/[^\n]/g, ' '));
}
