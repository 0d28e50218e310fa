import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import Type from 'typebox';
import type { Plugin, Rolldown } from 'vite';
import { readJson, writeJson } from '../json-file.ts';
import { StackError } from '../stack-error.ts';

export interface PagesToBuild {
  /** The folder of the pages; its `vite.config.ts` says how they are built, where it has one. */
  readonly root: string;
  /** The pages, by their paths in it, such as `index.html`. */
  readonly pages: readonly string[];
  /** A folder in which what was built is kept for the next time. */
  readonly cache: string;
}

/** By path, with a slash first, such as `/assets/index-BHyK4CqZ.js`. */
export type PageFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

const Source = Type.Object({ path: Type.String(), bytes: Type.Integer(), modifiedMs: Type.Number() });
type Source = Type.Static<typeof Source>;

const Built = Type.Object({
  sources: Type.Array(Source),
  files: Type.Array(Type.Object({ path: Type.String(), base64: Type.String() })),
});

/**
 * The files of pages as they are built for the web. Builds them (some 5 s) unless every file that they were made of is
 * as it was the last time.
 *
 * @throws what Vite makes of sources that cannot be built
 */
export async function builtPages(options: PagesToBuild): Promise<PageFiles> {
  const name = createHash('sha256').update(JSON.stringify([options.root, options.pages]));
  const file = join(options.cache, `pages-${name.digest('hex').slice(0, 16)}.json`);
  const kept = await readKept(file);
  if (kept !== undefined && (await areUnchanged(kept.sources))) return filesOf(kept);
  const built = await build(options);
  await mkdir(options.cache, { recursive: true });
  await writeJson(file, built);
  return filesOf(built);
}

async function build({ root, pages }: PagesToBuild): Promise<Type.Static<typeof Built>> {
  // Loaded only here: what was built before needs none of it.
  const { build: buildWithVite } = await import('vite');
  const modules = new Set([join(root, 'vite.config.ts'), join(root, 'package.json')]);
  const noteModules: Plugin = {
    name: 'weft-note-modules',
    moduleParsed: ({ id }) => void modules.add(id),
  };
  const result = await buildWithVite({
    root,
    logLevel: 'error',
    clearScreen: false,
    plugins: [noteModules],
    worker: { plugins: () => [noteModules] },
    build: {
      write: false,
      sourcemap: false,
      rolldownOptions: { input: pages.map((page) => join(root, page)) },
    },
  });
  const outputs: readonly Rolldown.RolldownOutput[] = [result].flat().filter((each) => 'output' in each);
  const files = outputs
    .flatMap(({ output }) => output)
    .map((each) => ({
      path: `/${each.fileName}`,
      base64: Buffer.from(each.type === 'chunk' ? each.code : each.source).toString('base64'),
    }));
  return { sources: await sourcesOf(modules), files };
}

/** What is asked for by a query is a file all the same; what is no file was made of others. */
async function sourcesOf(modules: ReadonlySet<string>): Promise<Source[]> {
  const paths = new Set([...modules].map((id) => id.split('?')[0] ?? '').filter(isAbsolute));
  const sources = await Promise.all([...paths].map(sourceAt));
  return sources.filter((source) => source !== undefined);
}

async function sourceAt(path: string): Promise<Source | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? { path, bytes: found.size, modifiedMs: found.mtimeMs } : undefined;
}

async function areUnchanged(sources: readonly Source[]): Promise<boolean> {
  const now = await Promise.all(sources.map(({ path }) => sourceAt(path)));
  const isSame = ({ bytes, modifiedMs }: Source, at: number) =>
    now[at]?.bytes === bytes && now[at]?.modifiedMs === modifiedMs;
  return sources.length > 0 && sources.every(isSame);
}

/** What is damaged is built anew. */
async function readKept(file: string): Promise<Type.Static<typeof Built> | undefined> {
  return readJson(file, Built).catch((error: unknown) => {
    if (error instanceof StackError) return undefined;
    throw error;
  });
}

function filesOf({ files }: Type.Static<typeof Built>): PageFiles {
  return new Map(files.map(({ path, base64 }) => [path, new Uint8Array(Buffer.from(base64, 'base64'))]));
}
