import { boundsOfEvents } from './vectors/bounds.ts';
import { generatedCarriers } from './vectors/carriers.ts';
import { generatedDeclaredComponents } from './vectors/declared-components.ts';
import { generatedEvents } from './vectors/events.ts';
import { generatedJoins } from './vectors/joins.ts';
import { generatedNumbers } from './vectors/numbers.ts';
import { generatedReductions } from './vectors/reductions.ts';
import { generatedSceneHashes } from './vectors/scene-hashes.ts';
import { generatedSetHashes } from './vectors/set-hashes.ts';
import type { VectorFile } from './vectors/vector-file.ts';

/** The vectors that a seed makes and core answers: Python and whoever else implements the protocol have to agree. */
export function generatedVectors(): ReadonlyMap<string, string> {
  const files: readonly [string, VectorFile][] = [
    ['numbers', generatedNumbers()],
    ['joins', generatedJoins()],
    ['object-events', generatedEvents()],
    ['object-event-bounds', boundsOfEvents()],
    ['reductions', generatedReductions()],
    ['declared-components', generatedDeclaredComponents()],
    ['scene-hashes', generatedSceneHashes()],
    ['carriers', generatedCarriers()],
    ['set-hashes', generatedSetHashes()],
  ];
  return new Map(files.map(([name, file]) => [`${name}.json`, vectorText(file)]));
}

/** A case a line, so that a change shows which cases it changes. */
export function vectorText({ kind, description, cases }: VectorFile): string {
  const lines = cases.map((each) => `    ${JSON.stringify(each)}`);
  return `{
  "kind": ${JSON.stringify(kind)},
  "description": ${JSON.stringify(description)},
  "cases": [
${lines.join(',\n')}
  ]
}
`;
}
