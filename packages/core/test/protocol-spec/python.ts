import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PROTOCOL_SPEC } from './files.ts';

const CANDIDATES = ['python3', 'python'] as const;
const MIN_MINOR = 10;
const PROBE = 'import sys; print("%d.%d" % sys.version_info[:2])';
const PROBE_TIMEOUT_MS = 10_000;
/** No compiled files beside the sources, whatever the locale says about text. */
const FLAGS = ['-B', '-X', 'utf8'] as const;

/**
 * A Python that runs the reference; `null` where there is none, said loudly.
 * @throws Error instead, where `CI=true`: a proof that is left out there would go unnoticed
 */
export function findPython(): string | null {
  for (const candidate of CANDIDATES) {
    const { stdout } = spawnSync(candidate, ['-c', PROBE], { encoding: 'utf8', timeout: PROBE_TIMEOUT_MS });
    const [major, minor] = (stdout ?? '').trim().split('.').map(Number);
    if (major === 3 && minor !== undefined && minor >= MIN_MINOR) return candidate;
  }
  const what = `No Python 3.${MIN_MINOR} or newer: the second implementation cannot be asked whether it agrees.`;
  if (process.env.CI === 'true') throw new Error(what);
  // Not by console, which the test runner loses where a file ends at once.
  process.stderr.write(`\n*** SKIPPED: ${what} ***\n\n`);
  return null;
}

/** A script of the reference that ends by itself. */
export function runReference(python: string, script: string): { code: number | null; output: string } {
  const path = join(PROTOCOL_SPEC, 'reference', script);
  const { status, stdout, stderr } = spawnSync(python, [...FLAGS, path], { encoding: 'utf8' });
  return { code: status, output: `${stdout}${stderr}` };
}

/** A running `agree.py`: one line of JSON in, one line out. */
export class Reference {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #errors = '';

  constructor(python: string) {
    this.#process = spawn(python, [...FLAGS, join(PROTOCOL_SPEC, 'reference', 'agree.py')]);
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    this.#lines = linesOf(this.#process.stdout.setEncoding('utf8'));
  }

  /** @throws Error with what Python said, where it ended instead of answering */
  async ask(line: string): Promise<string> {
    this.#process.stdin.write(`${line}\n`);
    const answer = await this.#lines.next();
    if (answer.done !== true) return answer.value;
    throw new Error(`The reference ended:\n${this.#errors}`);
  }

  stop(): void {
    this.#process.kill();
  }
}

/** Not `node:readline`, which also breaks lines at U+2028 and U+2029, and JSON may hold those. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
