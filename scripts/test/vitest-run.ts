import { relative } from 'node:path';
import { createVitest, type TestModule, type TestSpecification, type Vitest } from 'vitest/node';
import { NOTHING, type RunModule, type Tally, tallyOf } from './tally.ts';

/** The test files of this repository, found once and run in parts. */
export class TestFiles {
  readonly #vitest: Vitest;
  readonly #root: string;
  readonly #specifications: readonly TestSpecification[];
  #standalone: Promise<void> | null = null;

  private constructor(vitest: Vitest, root: string, specifications: readonly TestSpecification[]) {
    this.#vitest = vitest;
    this.#root = root;
    this.#specifications = specifications;
  }

  static async find(root: string, files: readonly string[]): Promise<TestFiles> {
    const vitest = await createVitest({ root, config: 'vitest.config.ts', run: true, watch: false });
    // Vitest would end this process a millisecond after a signal, before anything is stopped or counted.
    for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
    return new TestFiles(vitest, root, await vitest.globTestSpecifications([...files]));
  }

  /** How many files a project has to run. */
  count(project: string): number {
    return this.#of([project]).length;
  }

  /** How many tests the files of a project hold, without running them. */
  async countTests(project: string): Promise<number> {
    const modules = await this.#vitest.parseSpecifications(this.#of([project]));
    return modules.reduce((sum, module) => sum + [...module.children.allTests()].length, 0);
  }

  async run(projects: readonly string[]): Promise<Tally> {
    const specifications = this.#of(projects);
    if (specifications.length === 0) return NOTHING;
    // Makes the reporters ready; `start()` would do so too, but runs what it finds by itself.
    this.#standalone ??= this.#vitest.standalone();
    await this.#standalone;
    const { testModules, unhandledErrors } = await this.#vitest.runTestSpecifications(specifications, true);
    const expected = specifications.map((specification) => this.#idOf(specification));
    const modules = testModules.map((module) => ({ id: this.#idOf(module), ...endsOf(module) }));
    return tallyOf(expected, modules, unhandledErrors.length);
  }

  async cancel(): Promise<void> {
    await this.#vitest.cancelCurrentRun('keyboard-input');
  }

  async close(): Promise<void> {
    await this.#vitest.close();
  }

  #idOf({ project, moduleId }: Pick<TestSpecification, 'project' | 'moduleId'>): string {
    return `${project.name} ${relative(this.#root, moduleId)}`;
  }

  #of(projects: readonly string[]): TestSpecification[] {
    return this.#specifications.filter(({ project }) => projects.includes(project.name));
  }
}

function endsOf(module: TestModule): Omit<RunModule, 'id'> {
  const suites = [...module.children.allSuites()];
  return {
    errors: module.errors().length + suites.reduce((sum, suite) => sum + suite.errors().length, 0),
    tests: [...module.children.allTests()].map((test) => ({
      name: test.fullName,
      state: test.result().state,
    })),
  };
}
