export type { AskOptions, HttpAnswer } from './http-answer.ts';
export { receiveFile } from './receive-file.ts';
export { webAnswer } from './web-answer.ts';
