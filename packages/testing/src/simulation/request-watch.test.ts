import { errorOfAnswer } from '@weft/matrix';
import { expect, it } from 'vitest';
import { RequestWatch } from './request-watch.ts';

const LIMITED = errorOfAnswer('write', {
  status: 429,
  errcode: 'M_LIMIT_EXCEEDED',
  message: 'Too Many Requests',
  retryAfterMs: 1000,
});

it('[X4] sees a write before the time that the server named, and none after it', () => {
  let nowMs = 0;
  const violations: string[] = [];
  const watch = new RequestWatch(
    () => nowMs,
    (what) => violations.push(what),
  );
  watch.asked('write a');
  watch.answered('write a', LIMITED);
  nowMs = 1000;
  watch.asked('write a');
  nowMs = 900;
  watch.asked('read the state');
  expect(violations).toEqual([]);
  watch.asked('write a');
  expect(violations).toEqual(['write a: asked 100 ms before the server allowed it']);
  watch.forget();
  watch.asked('write a');
  expect(violations).toHaveLength(1);
});
