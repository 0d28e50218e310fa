import { expect, test } from 'vitest';
import * as protocol from '../../src/index.ts';
import { specText } from './files.ts';

const ROW = /^\| `(?<name>[A-Z_]+)` \| (?<number>[\d,]+) \|/gm;
const CODE = /^\| `(?<code>4\d{3})` \|/gm;

test('[PF9] the page of the lane and the code name the same numbers', () => {
  const rows = [...specText('lane.md').matchAll(ROW)].map(({ groups = {} }) => groups);
  expect(rows.length).toBeGreaterThan(20);
  const exported: Readonly<Record<string, unknown>> = protocol;
  for (const { name = '', number = '' } of rows)
    expect(exported[name], name).toBe(Number(number.replaceAll(',', '')));
});

test('[PF9] the page of the lane lists the codes by which sockets are closed', () => {
  const codes = [...specText('lane.md').matchAll(CODE)].map(({ groups = {} }) => Number(groups.code));
  expect(codes).toEqual(Object.values(protocol.CLOSE_CODES));
});
