import { parseUserId } from '@weft/core';
import { HomeserverError, type ToDeviceMessage } from '@weft/matrix';
import { FakeTimers } from '@weft/testing';
import { expect, it } from 'vitest';
import { AnswerQueue, MAX_WAITING_ANSWERS } from './answer-queue.ts';

const USER = parseUserId('@a:a.org');

function message(device: string, n = 0): ToDeviceMessage {
  return { user: USER, device, content: { n } };
}

/** A queue whose homeserver answers when the test says so. */
function queueOf() {
  const timers = new FakeTimers();
  const sent: { readonly messages: readonly ToDeviceMessage[]; readonly end: PromiseWithResolvers<void> }[] =
    [];
  const warnings: string[] = [];
  const queue = new AnswerQueue({
    timers,
    log: { info: () => undefined, warn: (_fields, words) => warnings.push(words) },
    homeserver: {
      sendToDevice(_type, messages) {
        const end = Promise.withResolvers<void>();
        sent.push({ messages, end });
        return end.promise;
      },
    },
  });
  return { queue, timers, sent, warnings };
}

it('sends one request at a time, with all that waits, and one answer for each device in it', async () => {
  const { queue, timers, sent } = queueOf();
  queue.send('t', message('A'));
  for (const device of ['B', 'C', 'B']) queue.send('t', message(device, sent.length));
  await timers.advance(0);
  expect(sent).toHaveLength(1);
  sent[0]?.end.resolve();
  await timers.advance(0);
  expect(sent[1]?.messages.map(({ device }) => device)).toEqual(['B', 'C']);
  sent[1]?.end.resolve();
  await timers.advance(0);
  expect(sent[2]?.messages.map(({ device }) => device)).toEqual(['B']);
});

it('tries again what failed for a while, and gives up what did for good', async () => {
  const { queue, timers, sent, warnings } = queueOf();
  queue.send('t', message('A'));
  for (let attempt = 0; attempt < 4; attempt += 1) {
    sent[attempt]?.end.reject(new HomeserverError('unreachable', { what: 'send', got: 'nothing' }));
    await timers.advance(1000);
  }
  expect([sent.length, warnings.length]).toEqual([5, 0]);
  sent[4]?.end.reject(new HomeserverError('unreachable', { what: 'send', got: 'nothing' }));
  await timers.advance(10_000);
  expect([sent.length, warnings.length]).toEqual([5, 1]);
  queue.send('t', message('B'));
  sent[5]?.end.reject(new HomeserverError('unknown-token', { what: 'send', got: 'signed out' }));
  await timers.advance(10_000);
  expect([sent.length, warnings.length]).toEqual([6, 2]);
});

it('takes as many as the bound says, and none once it is stopped', async () => {
  const { queue, timers, sent } = queueOf();
  expect(queue.send('t', message('first'))).toBe(true);
  await timers.advance(0);
  for (let n = 0; n < MAX_WAITING_ANSWERS; n += 1) expect(queue.send('t', message(`D${n}`))).toBe(true);
  expect(queue.send('t', message('more'))).toBe(false);
  expect(queue.send('other', message('more'))).toBe(true);
  queue.stop();
  expect(queue.send('other', message('late'))).toBe(false);
  sent[0]?.end.resolve();
  await timers.advance(10_000);
  expect(sent).toHaveLength(2);
});
