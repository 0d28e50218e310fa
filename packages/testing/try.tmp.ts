import { buildDendrite } from './src/federation/index.ts';
const t0 = Date.now();
console.log(await buildDendrite({ onProgress: (p) => console.log(((Date.now() - t0) / 1000).toFixed(0), p.message) }), Date.now() - t0);
