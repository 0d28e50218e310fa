export type { StoreFault } from './store-fault.ts';
export { TwinDisk } from './twin-disk.ts';
