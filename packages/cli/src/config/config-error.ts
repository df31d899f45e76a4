/** One setting that cannot be used. */
export interface ConfigProblem {
  variable: string;
  /** What it says; secrets are masked. */
  value: string;
  /** What was expected, in words. */
  expected: string;
}

/** Settings that cannot be used, all of them at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError' as const;
  readonly code = 'invalid_config';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(
      ({ variable, value, expected }) => `  ${variable}=${value}: expected ${expected}`,
    );
    super(`the configuration cannot be used:\n${lines.join('\n')}`);
    this.problems = problems;
  }
}
