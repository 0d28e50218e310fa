export { ThreadPlace } from './thread-place.ts';
