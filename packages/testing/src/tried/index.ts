export { pageContract } from './page-contract.ts';
export { isForPage, keepResult } from './results.ts';
export type { TriedPage } from './tried-page.ts';
export { writePage } from './write-page.ts';
