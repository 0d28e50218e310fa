import { type Finding, lineAt } from './finding.ts';
import { type Project, packageOf, type Source } from './project.ts';

const TOP = [
  'core',
  'protocol',
  'document',
  'store',
  'http',
  'matrix',
  'live',
  'relay',
  'assets',
  'world',
  'three',
  'agent',
];

/** What each layer may import. Arrows point one way; a type-only import counts like any other. */
export const LAYERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['core', []],
  ['protocol', ['core']],
  ['document', ['core']],
  ['store', ['core']],
  ['http', []],
  ['matrix', ['core', 'protocol', 'store', 'http']],
  ['live', ['core', 'protocol']],
  ['assets', ['core', 'protocol', 'http']],
  ['relay', ['core', 'protocol', 'document', 'store', 'matrix', 'assets']],
  ['world', ['core', 'protocol', 'document', 'store', 'matrix', 'live', 'relay', 'assets']],
  ['three', ['core', 'protocol', 'document', 'store', 'matrix', 'live', 'relay', 'assets', 'world']],
  ['agent', ['core', 'protocol', 'document', 'store', 'matrix', 'live', 'relay', 'assets', 'world']],
  ['cli', TOP],
  ['demos', TOP],
  ['bench', [...TOP, 'cli', 'testing']],
  ['scripts', [...TOP, 'cli', 'testing']],
  ['testing', [...TOP, 'cli']],
  ['root', []],
]);

const SCOPE = '@weft/';

/** Each import of another of our packages follows the table; nothing reaches into another package's files. */
export function layers(project: Project): Finding[] {
  const findings: Finding[] = [];
  for (const source of project.sources) {
    const allowed = LAYERS.get(source.area);
    if (allowed === undefined) {
      findings.push({ path: source.path, line: 0, message: `layer "${source.area}" is not in the table` });
      continue;
    }
    for (const { specifier, offset } of source.syntax.imports) {
      const message = refusal(source, allowed, specifier);
      if (message !== null) findings.push({ path: source.path, line: lineAt(source.text, offset), message });
    }
  }
  return findings;
}

function refusal(source: Source, allowed: readonly string[], specifier: string): string | null {
  const name = packageOf(specifier);
  if (name === null || !name.startsWith(SCOPE)) return null;
  const layer = name.slice(SCOPE.length);
  // A test may look at its own package from outside, as its users do.
  if (layer === source.area) {
    return source.isTest ? null : 'a package does not import itself by name: import the file';
  }
  if (allowed.includes(layer) || (layer === 'testing' && source.isTest)) return null;
  if (layer === 'testing') return 'only tests and bench import @weft/testing';
  return `${source.area} may not import ${layer} (it may import: ${allowed.join(', ') || 'nothing'})`;
}
