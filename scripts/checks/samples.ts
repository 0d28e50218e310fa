import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, lineAt } from './finding.ts';
import { type TypeErrorLine, typescript } from './tools.ts';

/** One TypeScript example of a Markdown page. */
export interface Sample {
  readonly path: string;
  /** The line of the page on which the example's first line stands. */
  readonly line: number;
  readonly text: string;
}

const FENCE = /^```ts([^\n`]*)\n([\s\S]*?)^```/gm;
const CONTINUES = 'continue';

/** The ```ts blocks of the pages. One marked `ts continue` goes on where the block before it ended. */
export function samplesOf(texts: ReadonlyMap<string, string>): Sample[] {
  const samples: Sample[] = [];
  for (const [path, text] of texts) {
    if (!path.endsWith('.md')) continue;
    for (const match of text.matchAll(FENCE)) {
      const [, mark = '', body = ''] = match;
      const line = lineAt(text, match.index) + 1;
      const before = samples.at(-1);
      if (mark.trim() === CONTINUES && before?.path === path) {
        const gap = line - before.line - (before.text.split('\n').length - 1);
        samples[samples.length - 1] = { ...before, text: before.text + '\n'.repeat(gap) + body };
      } else {
        samples.push({ path, line, text: body });
      }
    }
  }
  return samples;
}

/** Every example of the pages compiles, as it stands, against the packages as they are. */
export async function compileSamples(root: string, samples: readonly Sample[]): Promise<Finding[]> {
  if (samples.length === 0) return [];
  const directory = join(root, '.weft', 'samples');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const names = new Map(samples.map((sample, at) => [`sample-${at}.ts`, sample]));
  for (const [name, { text }] of names) writeFileSync(join(directory, name), `${text}\nexport {};\n`);
  const config = {
    extends: '../../tsconfig.json',
    // An example shows one thing and leaves the rest unused.
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    include: ['*.ts'],
    exclude: [],
  };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(config));
  const errors = await typescript(root, join('.weft', 'samples', 'tsconfig.json'));
  return errors.map((error) => locate(error, names));
}

function locate(error: TypeErrorLine, names: ReadonlyMap<string, Sample>): Finding {
  const sample = names.get(error.path.split('/').at(-1) ?? '');
  if (sample === undefined) return error;
  return { path: sample.path, line: sample.line + error.line - 1, message: error.message };
}
