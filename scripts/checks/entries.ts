import { posix } from 'node:path';
import { type Finding, lineAt } from './finding.ts';
import { type Project, packageOf, targetOf } from './project.ts';

/** Packages meet at their entry files only: nobody reaches past one, and nobody inside goes through one but its tests. */
export function entries(project: Project): Finding[] {
  const findings: Finding[] = [];
  const entryFiles = new Set<string>();
  const subpaths = new Map<string, ReadonlySet<string>>();
  for (const [home, manifest] of project.manifests) {
    subpaths.set(manifest.name, new Set(manifest.exports.keys()));
    for (const [subpath, file] of [...manifest.exports].flatMap(([name, files]) =>
      files.map((each) => [name, each] as const),
    )) {
      const path = posix.join(home, file);
      entryFiles.add(path);
      if (!project.texts.has(path)) {
        const message = `exports "${subpath}" as ${file}, which does not exist`;
        findings.push({ path: `${home}/package.json`, line: 0, message });
      }
    }
  }
  for (const source of project.sources) {
    for (const each of source.syntax.imports) {
      const report = (message: string): void => {
        findings.push({ path: source.path, line: lineAt(source.text, each.offset), message });
      };
      const target = targetOf(source, each);
      if (target === null) {
        const name = packageOf(each.specifier) ?? '';
        const known = subpaths.get(name);
        const subpath = `.${each.specifier.slice(name.length)}`;
        if (known !== undefined && !known.has(subpath)) report(`${name} does not export "${subpath}"`);
      } else if (entryFiles.has(target) && !source.isTest) {
        report(`${posix.basename(target)} is the package's face: inside it, import the file that holds it`);
      } else if (source.home !== '' && !target.startsWith(`${source.home}/`)) {
        report(`reaches out of its package to ${target}: import the package by name`);
      }
    }
  }
  return findings;
}
