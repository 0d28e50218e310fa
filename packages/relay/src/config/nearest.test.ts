import { describe, expect, test } from 'vitest';
import { nearest } from './nearest.ts';

describe('nearest', () => {
  test.each([
    ['heloMs', 'helloMs'],
    ['HELLOMS', 'helloMs'],
    ['tickets', 'tickets'],
    ['ticketMss', 'ticketMs'],
    ['something', null],
    ['', null],
  ])('%s is like %s', (word, expected) => {
    expect(nearest(word, ['helloMs', 'ticketMs', 'tickets', 'frameBurst'])).toBe(expected);
  });
});
