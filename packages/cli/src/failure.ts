/** What a `weft` process tells the shell. Part of the interface: scripts branch on it. */
export const EXIT = {
  ok: 0,
  /** Something that may work another time: a homeserver away, an object that is not there. */
  failed: 1,
  /** The command line itself is wrong and will never work. */
  usage: 2,
  /** Understood, and refused: by role, rule, schema or homeserver. Nothing was changed. */
  refused: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The command line cannot be understood, or asks for something that cannot be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

/** A command that could not do its work, for a reason that no library names. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** An error as the command line reports it. */
export interface Failure {
  readonly exit: ExitCode;
  readonly code: string;
  readonly message: string;
  /** The stack, where the error is none that Weft names: a defect to report. */
  readonly stack: string | null;
}

const REFUSED = new Set([
  ...['forbidden', 'read-only', 'rule', 'schema', 'limit', 'cycle', 'encrypted'],
  'invalid-model',
]);
const USAGE = new Set(['usage', 'invalid-id', 'invalid-value', 'invalid-query', 'config']);

/** Every error that a command throws, in the terms of the command line. */
export function readFailure(error: unknown): Failure {
  if (!(error instanceof Error)) {
    return { exit: EXIT.failed, code: 'defect', message: String(error), stack: null };
  }
  if (error.name === 'AbortError') {
    return { exit: EXIT.failed, code: 'aborted', message: 'Stopped before it was done.', stack: null };
  }
  // Read by shape, not by class: the classes live in packages that take long to load.
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (code === null || !NAMED.has(error.name)) {
    const trace = error.stack ?? null;
    return { exit: EXIT.failed, code: code ?? 'defect', message: error.message, stack: trace };
  }
  return { exit: exitOf(code), code, message: error.message, stack: null };
}

const NAMED = new Set([
  'WeftError',
  'HomeserverError',
  'StackError',
  'UsageError',
  'CommandError',
  'AssetError',
  'StoreError',
  'ConfigError',
]);

function exitOf(code: string): ExitCode {
  if (REFUSED.has(code)) return EXIT.refused;
  return USAGE.has(code) ? EXIT.usage : EXIT.failed;
}
