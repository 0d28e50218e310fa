import { describe, expect, it } from 'vitest';
import { Budget } from './budget.ts';
import { Pool, Slot } from './pool.ts';
import { Quota } from './quota.ts';
import { MAX_TEXT_CHARACTERS, MAX_TEXT_LINES, textLines } from './text-canvas.ts';

const thing = (gone: string[], name: string) => ({ dispose: () => gone.push(name) });

describe('a pool', () => {
  it('makes a value once for its key and frees it after the last lease', () => {
    const gone: string[] = [];
    const pool = new Pool<{ dispose(): void }>();
    const [first, second] = [
      pool.acquire('a', () => thing(gone, '1')),
      pool.acquire('a', () => thing(gone, '2')),
    ];
    expect(first.value).toBe(second.value);
    first.release();
    first.release();
    expect([gone, pool.size]).toEqual([[], 1]);
    second.release();
    expect([gone, pool.size]).toEqual([['1'], 0]);
  });

  it('keeps a value alive that a slot takes again', () => {
    const gone: string[] = [];
    const slot = new Slot(new Pool<{ dispose(): void }>());
    const value = slot.take('a', () => thing(gone, 'a'));
    expect(slot.take('a', () => thing(gone, 'b'))).toBe(value);
    expect(gone).toEqual([]);
    slot.take('c', () => thing(gone, 'c'));
    expect(gone).toEqual(['a']);
  });
});

describe('a quota', () => {
  it('gives up to the total and not one more, and takes back once', () => {
    const quota = new Quota(10);
    const giveBack = quota.take(10);
    expect([quota.take(1), quota.used]).toEqual([null, 10]);
    giveBack?.();
    giveBack?.();
    expect(quota.used).toBe(0);
    expect(quota.take(11)).toBeNull();
  });
});

describe('a budget', () => {
  it('passes a place on to the one that waited longest', () => {
    const budget = new Budget(1);
    const told: string[] = [];
    const claim = (name: string) => budget.claim((may) => told.push(`${name} ${may}`));
    const giveBack = claim('a');
    claim('b');
    claim('c');
    giveBack();
    expect(told).toEqual(['a true', 'b false', 'c false', 'b true']);
    expect(budget.size).toBe(2);
  });
});

describe('the lines of a text', () => {
  it('are cut at their bounds', () => {
    expect(textLines('one\r\ntwo')).toEqual(['one', 'two']);
    expect(textLines('x'.repeat(MAX_TEXT_CHARACTERS))[0]).toHaveLength(MAX_TEXT_CHARACTERS);
    expect(textLines('x'.repeat(MAX_TEXT_CHARACTERS + 1))[0]?.at(-1)).toBe('…');
    expect(textLines('\n'.repeat(MAX_TEXT_LINES))).toHaveLength(MAX_TEXT_LINES);
  });
});
