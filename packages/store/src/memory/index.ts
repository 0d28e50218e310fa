export { MemoryMedium } from './memory-medium.ts';
export { MemoryPlace } from './memory-place.ts';
