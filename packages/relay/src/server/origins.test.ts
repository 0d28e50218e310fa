import { describe, expect, test } from 'vitest';
import { Origins } from './origins.ts';

describe('Origins', () => {
  test('[RE7] any page may where * is allowed, and programs always', () => {
    const any = new Origins(['*']);
    expect(any.allows('https://anything.example')).toBe(true);
    expect(any.allows(undefined)).toBe(true);
    expect(any.headersFor('https://anything.example')).toMatchObject({ 'access-control-allow-origin': '*' });
  });

  test('[RE7] only listed pages may otherwise, and no answer is readable by another', () => {
    const some = new Origins(['https://studio.example.org']);
    expect(some.allows('https://STUDIO.example.org')).toBe(true);
    expect(some.allows('https://studio.example.org.evil.example')).toBe(false);
    expect(some.allows('null')).toBe(false);
    expect(some.allows(undefined)).toBe(true);
    expect(some.headersFor('https://studio.example.org')).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': 'https://studio.example.org',
    });
    expect(some.headersFor('https://evil.example')).toEqual({ vary: 'Origin' });
  });
});
