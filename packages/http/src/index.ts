export type { AskOptions, HttpAnswer } from './http-answer.ts';
export { receiveFile } from './receive-file.ts';
export { webAnswer, webAsk } from './web-answer.ts';
