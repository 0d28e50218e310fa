import { casts } from './casts.ts';
import { cycles } from './cycles.ts';
import { dependencies } from './dependencies.ts';
import { entries } from './entries.ts';
import { figures } from './figures.ts';
import { byPlace, type Finding } from './finding.ts';
import { laws } from './laws.ts';
import { layers } from './layers.ts';
import { links } from './links.ts';
import { type Project, projectOf } from './project.ts';
import { purity } from './purity.ts';
import { readTree } from './read-tree.ts';
import { compileSamples, samplesOf } from './samples.ts';
import { sizes } from './sizes.ts';
import { suppressions } from './suppressions.ts';
import { tests } from './tests.ts';
import { biome, typescript } from './tools.ts';
import { machines, markers } from './wording.ts';

export interface CheckResult {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly ms: number;
}

interface Check {
  readonly name: string;
  readonly run: (tree: Tree) => readonly Finding[] | Promise<readonly Finding[]>;
}

interface Tree {
  readonly root: string;
  readonly texts: ReadonlyMap<string, string>;
  readonly project: Project;
}

const CHECKS: readonly Check[] = [
  { name: 'biome', run: ({ root }) => biome(root) },
  { name: 'types', run: ({ root }) => typescript(root, 'tsconfig.json') },
  { name: 'samples', run: ({ root, texts }) => compileSamples(root, samplesOf(texts)) },
  { name: 'laws', run: ({ project }) => laws(project) },
  { name: 'layers', run: ({ project }) => layers(project) },
  { name: 'entries', run: ({ project }) => entries(project) },
  { name: 'dependencies', run: ({ project }) => dependencies(project) },
  { name: 'cycles', run: ({ project }) => cycles(project) },
  { name: 'purity', run: ({ project }) => purity(project) },
  { name: 'suppressions', run: ({ project }) => suppressions(project) },
  { name: 'casts', run: ({ project }) => casts(project) },
  { name: 'sizes', run: ({ project }) => sizes(project) },
  { name: 'tests', run: ({ project }) => tests(project) },
  { name: 'markers', run: ({ project }) => markers(project) },
  { name: 'machines', run: ({ project }) => machines(project) },
  { name: 'figures', run: ({ project }) => figures(project) },
  { name: 'links', run: ({ project }) => links(project) },
];

export const CHECK_NAMES: readonly string[] = CHECKS.map(({ name }) => name);

/** Runs the named checks (all by default) over the working tree under `root`. */
export async function runChecks(
  root: string,
  names: readonly string[] = CHECK_NAMES,
): Promise<CheckResult[]> {
  const started = performance.now();
  const texts = readTree(root);
  let project: Project;
  try {
    project = projectOf(texts);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const finding = { path: '.', line: 0, message: error.message };
    return [{ name: 'syntax', findings: [finding], ms: performance.now() - started }];
  }
  const chosen = CHECKS.filter(({ name }) => names.includes(name));
  return Promise.all(
    chosen.map(async ({ name, run }) => {
      const from = performance.now();
      const running = run({ root, texts, project });
      const ranMs = performance.now() - from;
      const findings = await running;
      const ms = running instanceof Promise ? performance.now() - from : ranMs;
      return { name, findings: findings.toSorted(byPlace), ms };
    }),
  );
}
