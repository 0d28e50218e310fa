import { isBuiltin } from 'node:module';
import { type Finding, lineAt } from './finding.ts';
import type { Project, Source } from './project.ts';
import { declaredNames, isReference, type Visited } from './syntax.ts';

/** Packages without any I/O: clock, random, timers and sockets come in as arguments. */
const PURE: ReadonlySet<string> = new Set(['core', 'protocol']);
/** Packages that other people's programs run: what they have to say, they return, throw or emit. */
const LIBRARIES: ReadonlySet<string> = new Set([
  ...PURE,
  ...['document', 'store', 'http', 'matrix', 'live', 'relay', 'assets', 'world', 'three', 'agent'],
]);

const IMPURE_GLOBALS: ReadonlySet<string> = new Set([
  ...['Date', 'performance', 'Temporal', 'crypto', 'process', 'globalThis', 'window', 'self', 'document'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame'],
  ...['clearTimeout', 'clearInterval', 'clearImmediate', 'cancelAnimationFrame', 'fetch', 'navigator'],
  ...['WebSocket', 'EventSource', 'XMLHttpRequest', 'RTCPeerConnection', 'Worker', 'BroadcastChannel'],
  ...['localStorage', 'sessionStorage', 'indexedDB', 'require', 'Deno', 'Bun'],
]);

/** The pure packages touch no clock, random, timer, socket, file, console; no library prints or rolls its own dice. */
export function purity(project: Project): Finding[] {
  return project.sources.filter((source) => !source.isTest).flatMap(impurities);
}

function impurities(source: Source): Finding[] {
  const findings: Finding[] = [];
  const report = (offset: number, message: string): void => {
    findings.push({ path: source.path, line: lineAt(source.text, offset), message });
  };
  const pure = PURE.has(source.area);
  for (const { specifier, offset } of source.syntax.imports) {
    if (pure && isBuiltin(specifier)) report(offset, `imports ${specifier}: ${source.area} does no I/O`);
  }
  if (!LIBRARIES.has(source.area)) return findings;
  const declared = declaredNames(source.syntax.nodes);
  for (const visited of source.syntax.nodes) {
    const name = globalName(visited);
    if (name === null || declared.has(name)) continue;
    if (name === 'console') report(visited.node.start, 'prints: return it, throw it or emit it');
    else if (name === 'Math.random') report(visited.node.start, 'unseeded: take a RandomBytes argument');
    else if (pure && IMPURE_GLOBALS.has(name)) {
      report(visited.node.start, `uses ${name}: ${source.area} does no I/O, take it as an argument`);
    }
  }
  return findings;
}

function globalName(visited: Visited): string | null {
  const { node, parent } = visited;
  if (node.type !== 'Identifier' || !isReference(visited)) return null;
  if (node.name !== 'Math') return node.name;
  // Whatever else is done with `Math` might reach its dice.
  const isFunction = parent?.type === 'MemberExpression' && !parent.computed;
  return isFunction && parent.property.type === 'Identifier' && parent.property.name !== 'random'
    ? null
    : 'Math.random';
}
