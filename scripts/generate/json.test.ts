import { describe, expect, it } from 'vitest';
import { jsonText } from './json.ts';

describe('jsonText', () => {
  it('breaks records and keeps lists that fit in a line', () => {
    expect(jsonText({ a: [1, 'b'], c: {}, d: [] })).toBe('{\n  "a": [1, "b"],\n  "c": {},\n  "d": []\n}\n');
  });

  it('breaks lists that are too long, or hold what is broken', () => {
    const long = ['x'.repeat(60), 'y'.repeat(60)];
    expect(jsonText(long).split('\n')).toHaveLength(5);
    expect(jsonText([{ a: 1 }])).toBe('[\n  {\n    "a": 1\n  }\n]\n');
  });

  it('keeps a line of 110 characters and breaks one of 111', () => {
    expect(jsonText(['x'.repeat(106)]).split('\n')).toHaveLength(2);
    expect(jsonText(['x'.repeat(107)]).split('\n')).toHaveLength(4);
  });
});
