import { readFileSync } from 'node:fs';
import type { Figure } from '../../record/process-report.ts';
import { memoryOf } from './heap.ts';
import type { Job } from './job.ts';
import { coldAndWarm } from './repeat.ts';

/** The floor: JSON.parse of the same world as plain rows, without stamps, tree or checks. */
export function measureParse({ json, objects }: Job): Figure[] {
  const text = readFileSync(json, 'utf8');
  return coldAndWarm(() => {
    const startedMs = performance.now();
    const rows: unknown = JSON.parse(text);
    const ms = performance.now() - startedMs;
    expectRows(rows, objects);
    return { 'JSON.parse': ms };
  });
}

export function measurePlainMemory({ json, objects }: Job): Figure[] {
  const { figures, held } = memoryOf((): unknown => JSON.parse(readFileSync(json, 'utf8')));
  expectRows(held, objects);
  return figures;
}

function expectRows(rows: unknown, objects: number): void {
  if (!Array.isArray(rows) || rows.length !== objects) throw new Error(`parse: expected ${objects} rows`);
}
