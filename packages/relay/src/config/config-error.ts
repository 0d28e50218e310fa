/** A configuration that cannot be used; each problem is one sentence that says where, what was expected and what was got. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'config';
  readonly problems: readonly string[];

  constructor(source: string, problems: readonly string[]) {
    super(
      `The relay cannot use ${source}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\nEvery setting is described in docs/relay-configuration.md; the operator of the relay can put this right.`,
    );
    this.problems = problems;
  }
}
