import { isBuiltin } from 'node:module';
import { type Finding, lineAt } from './finding.ts';
import { type Manifest, type Project, packageOf, type Source } from './project.ts';

/** Declared where the package is built rather than imported by a file that we can see. */
const USED_WITHOUT_IMPORT: ReadonlySet<string> = new Set(['node', '@biomejs/biome', 'typescript']);

const TOOL = /\.config\.ts$/;

/** Each package declares exactly what its files import. */
export function dependencies(project: Project): Finding[] {
  const findings: Finding[] = [];
  const used = new Map<string, Set<string>>();
  for (const source of project.sources) {
    const manifest = project.manifests.get(source.home) ?? project.rootManifest;
    for (const { specifier, offset } of source.syntax.imports) {
      const name = packageOf(specifier);
      if (name === null || isBuiltin(specifier)) continue;
      used.set(source.home, (used.get(source.home) ?? new Set()).add(name));
      const message = undeclared(source, manifest, project.rootManifest, name);
      if (message !== null) findings.push({ path: source.path, line: lineAt(source.text, offset), message });
    }
  }
  for (const [home, manifest] of [...project.manifests, ['', project.rootManifest] as const]) {
    findings.push(...unused(home, manifest, home === '' ? everyUse(used) : (used.get(home) ?? new Set())));
  }
  return findings;
}

function undeclared(source: Source, manifest: Manifest, root: Manifest, name: string): string | null {
  const declared = [...manifest.dependencies, ...manifest.peerDependencies];
  const forTests = [...manifest.devDependencies, ...root.devDependencies, manifest.name, '@weft/testing'];
  if (declared.includes(name) || declared.includes(typesOf(name))) return null;
  const isTool = source.isTest || source.home === '' || TOOL.test(source.path);
  if (isTool && (forTests.includes(name) || name.startsWith('@weft/'))) return null;
  return `imports ${name}, which ${source.home || 'the root'}/package.json does not declare`;
}

function unused(home: string, manifest: Manifest, used: ReadonlySet<string>): Finding[] {
  const path = home === '' ? 'package.json' : `${home}/package.json`;
  return [...manifest.dependencies, ...manifest.devDependencies]
    .filter((name) => !USED_WITHOUT_IMPORT.has(name) && !name.startsWith('@types/') && !used.has(name))
    .map((name) => ({ path, line: 0, message: `declares ${name}, which no file imports` }));
}

function everyUse(used: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  return new Set([...used.values()].flatMap((names) => [...names]));
}

function typesOf(name: string): string {
  return `@types/${name.replace(/^@/, '').replace('/', '__')}`;
}
