import { parseUserId } from '@weft/core';
import { describe, expect, test } from 'vitest';
import {
  chatContent,
  isSaying,
  MAX_SAID_CHARACTERS,
  MAX_SAID_TOGETHER,
  readChat,
  readSay,
  SAID_KEY,
  type Said,
  sayData,
} from './said.ts';

const said = (text: string, at = 0, user: Said['user'] = null): Said => ({
  id: `id-0123456789-${String(at).padStart(3, '0')}`,
  text,
  user,
});
const BOB = parseUserId('@bob:b.org');

describe('what is said', () => {
  test('[LW9] reads back from the lane and from the room’s chat as it was said', () => {
    for (const one of [said('Hello'), said('for Bob', 1, BOB)]) expect(readSay(sayData(one))).toEqual(one);
    const all = [said('Hello'), said('two\nlines', 1), said('for Bob', 2, BOB)];
    const content = chatContent(all);
    expect(content.body).toBe('Hello\ntwo\nlines\n@bob:b.org: for Bob');
    expect(readChat('$event', content)).toEqual(all);
  });

  test('[LW9] is the body of a message from any other client', () => {
    for (const msgtype of ['m.text', 'm.notice', 'm.emote'])
      expect(readChat('$event', { msgtype, body: 'Hi' })).toEqual([{ id: '$event', text: 'Hi', user: null }]);
    const long = 'x'.repeat(MAX_SAID_CHARACTERS + 1);
    expect(readChat('$event', { msgtype: 'm.text', body: long })[0]?.text).toHaveLength(MAX_SAID_CHARACTERS);
  });

  test('[LW9] is what every Matrix client shows, whatever a message says beside', () => {
    const content = { ...chatContent([said('hidden words')]), body: 'shown words' };
    expect(readChat('$event', content)).toEqual([{ id: '$event', text: 'shown words', user: null }]);
    const half = chatContent([said('one'), said('two', 1)]);
    expect(
      readChat('$event', { ...half, [SAID_KEY]: [sayData(said('one')), { id: 'x' }], body: 'one' }),
    ).toEqual([{ id: '$event', text: 'one', user: null }]);
    const many = Array.from({ length: MAX_SAID_TOGETHER + 1 }, (_, at) => said(`n${at}`, at));
    expect(readChat('$event', chatContent(many))).toHaveLength(1);
    expect(readChat('$event', chatContent(many.slice(1)))).toHaveLength(MAX_SAID_TOGETHER);
  });

  test.each([
    null,
    'text',
    [],
    {},
    { id: 'short', text: 'x' },
    { id: 'id-0123456789-000', text: '' },
    { id: 'id-0123456789-000', text: 'x'.repeat(MAX_SAID_CHARACTERS + 1) },
    { id: 'id-0123456789-000', text: 'x\0' },
    { id: 'id-0123456789-000', text: '\ud800' },
    { id: 'id-0123456789-000', text: 'x', user: 'bob' },
    { id: 7, text: 'x' },
  ])('[LW9] %j of the lane says nothing', (data) => expect(readSay(data)).toBeNull());

  test.each([
    null,
    [],
    { msgtype: 'm.text' },
    { msgtype: 'm.text', body: '' },
    { msgtype: 'm.text', body: 7 },
    { msgtype: 'm.image', body: 'cat.png' },
    { body: 'no type', [SAID_KEY]: [said('no type')] },
  ])('[LW9] %j in the room says nothing', (content) => expect(readChat('$event', content)).toEqual([]));

  test('[LW9] is 1 to 1,000 characters, not blank', () => {
    expect(['x', 'x'.repeat(MAX_SAID_CHARACTERS)].map(isSaying)).toEqual([true, true]);
    expect(['', '  \n', 'x'.repeat(MAX_SAID_CHARACTERS + 1)].map(isSaying)).toEqual([false, false, false]);
  });
});
