export { nodeAsk } from './system/node-ask.ts';
