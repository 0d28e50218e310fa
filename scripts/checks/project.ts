import { posix } from 'node:path';
import { type Import, parse, type Syntax } from './syntax.ts';

/** The repository as the checks see it: no check reads a file by itself. */
export interface Project {
  /** Every text file, by path relative to the repository. */
  readonly texts: ReadonlyMap<string, string>;
  /** Every TypeScript or JavaScript file. */
  readonly sources: readonly Source[];
  /** Every package.json but the root's, by the directory that holds it. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  readonly rootManifest: Manifest;
}

export interface Source {
  readonly path: string;
  readonly text: string;
  /** The layer: the name under `packages/`, or `demos`, `bench`, `scripts`, `root`. */
  readonly area: string;
  /** The directory of the nearest package.json; '' for the root's. */
  readonly home: string;
  /** A test, or something that only tests use because it stands in a `test/` folder. */
  readonly isTest: boolean;
  readonly syntax: Syntax;
}

export interface Manifest {
  readonly name: string;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
  readonly peerDependencies: readonly string[];
  /** Subpath to file, or to one for each condition; `.` for the package itself. */
  readonly exports: ReadonlyMap<string, readonly string[]>;
}

const SOURCE = /\.(ts|tsx|mts|mjs|js|jsx)$/;
const TEST = /\.test\.tsx?$|^(?:packages|demos)\/[^/]+\/test\/|^bench\/test\//;

/** @throws SyntaxError where a source file or a package.json does not parse */
export function projectOf(texts: ReadonlyMap<string, string>): Project {
  const manifests = new Map<string, Manifest>();
  for (const [path, text] of texts) {
    if (posix.basename(path) === 'package.json') manifests.set(parentOf(path), manifestOf(path, text));
  }
  const rootManifest = manifests.get('') ?? manifestOf('package.json', '{}');
  manifests.delete('');
  const sources: Source[] = [];
  for (const [path, text] of texts) {
    if (!SOURCE.test(path)) continue;
    sources.push({
      path,
      text,
      area: areaOf(path),
      home: homeOf(path, manifests),
      isTest: TEST.test(path),
      syntax: parse(path, text),
    });
  }
  return { texts, sources, manifests, rootManifest };
}

/** The file that a relative import means, or `null` for a package. */
export function targetOf(source: Source, { specifier }: Import): string | null {
  const [file = specifier] = specifier.split('?');
  return file.startsWith('.') ? posix.normalize(posix.join(posix.dirname(source.path), file)) : null;
}

/** `@weft/core` of `@weft/core/vectors`; `null` for a relative import. */
export function packageOf(specifier: string): string | null {
  if (specifier.startsWith('.') || specifier.startsWith('/')) return null;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function areaOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  if (top === 'packages') return second;
  return top === 'demos' || top === 'bench' || top === 'scripts' ? top : 'root';
}

function homeOf(path: string, manifests: ReadonlyMap<string, Manifest>): string {
  let home = parentOf(path);
  while (home !== '' && !manifests.has(home)) home = parentOf(home);
  return home;
}

function parentOf(path: string): string {
  const parent = posix.dirname(path);
  return parent === '.' ? '' : parent;
}

function manifestOf(path: string, text: string): Manifest {
  const json: unknown = JSON.parse(text);
  if (typeof json !== 'object' || json === null) throw new SyntaxError(`${path}: expected an object`);
  const exports = new Map<string, readonly string[]>();
  for (const [subpath, target] of Object.entries(field(json, 'exports'))) {
    const files: unknown[] = typeof target === 'object' && target !== null ? Object.values(target) : [target];
    exports.set(
      subpath,
      files.filter((file) => typeof file === 'string'),
    );
  }
  return {
    name: 'name' in json && typeof json.name === 'string' ? json.name : path,
    dependencies: Object.keys(field(json, 'dependencies')),
    devDependencies: Object.keys(field(json, 'devDependencies')),
    peerDependencies: Object.keys(field(json, 'peerDependencies')),
    exports,
  };
}

function field(json: object, name: string): object {
  const value: unknown = Reflect.get(json, name);
  return typeof value === 'object' && value !== null ? value : {};
}
