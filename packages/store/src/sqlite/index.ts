export { DirectoryPlace } from './directory-place.ts';
export type { SqliteOptions } from './sqlite-medium.ts';
