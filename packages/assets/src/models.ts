export { exportGlb } from './export/export-glb.ts';
export { storeInAll } from './publish/store-in-all.ts';
