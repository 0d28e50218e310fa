import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TriedPage, TriedResults } from './tried-page.ts';

/** Whether the page is being written. */
export function isForPage({ resultsVariable }: Pick<TriedPage<string>, 'resultsVariable'>): boolean {
  return process.env[resultsVariable] !== undefined;
}

/** Keeps what came of a case, where the page is being written. */
export function keepResult<Id extends string>(page: TriedPage<Id>, id: Id, result: string): void {
  const folder = process.env[page.resultsVariable];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(folder, id), result);
}

/** @throws where a case kept nothing */
export function keptResults<Id extends string>(page: TriedPage<Id>, folder: string): TriedResults<Id> {
  return new Map(page.cases.map(({ id }) => [id, readFileSync(fileOf(folder, id), 'utf8')]));
}

function fileOf(folder: string, id: string): string {
  return join(folder, `${id}.txt`);
}
