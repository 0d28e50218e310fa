import { parseUserId, type UserId } from '@weft/core';
import { parseRoomId, type Standing } from '@weft/matrix';
import { expect, test } from 'vitest';
import { refusalOf } from './permission.ts';

const ANN = parseUserId('@ann:example.org');
const BOB = parseUserId('@bob:example.org');

function member(user: UserId, role: Standing['role']): Standing['members'][number] {
  return { user, name: user, role, level: 0, membership: 'join', isRelay: false };
}

const VISITOR: Standing = {
  title: 'Plaza',
  role: 'visitor',
  level: 0,
  membership: 'join',
  readOnly: 'You are a visitor.',
  encrypted: false,
  replacement: null,
  members: [member(ANN, 'owner'), member(BOB, 'visitor')],
};

test('who may write is not refused', () => {
  expect(refusalOf({ ...VISITOR, readOnly: null }, BOB, 'edit')).toBeNull();
});

test('a visitor is refused by role, and told whom to ask', () => {
  const refusal = refusalOf(VISITOR, BOB, 'move the chair');
  expect(refusal).toMatchObject({ code: 'forbidden', by: 'owner' });
  expect(refusal?.message).toBe(
    'Cannot move the chair: expected the role of a builder, got @bob:example.org, who is a visitor. Ask an owner of the world to make you a builder (@ann:example.org).',
  );
});

test('only a few of many owners are named', () => {
  const owners = ['a', 'b', 'c', 'd'].map((name) => member(parseUserId(`@${name}:x`), 'owner'));
  expect(refusalOf({ ...VISITOR, members: owners }, BOB, 'edit')?.hint).toMatch(/\(@a:x, @b:x, @c:x\)/);
});

const REPLACEMENT = parseRoomId(`!${'a'.repeat(43)}`);

test.each<[string, Partial<Standing>, RegExp]>([
  ['an encrypted room', { encrypted: true }, /encrypted.*without encryption/],
  ['a world that was replaced', { replacement: REPLACEMENT }, new RegExp(`Open ${REPLACEMENT}`)],
  ['somebody who left', { membership: 'leave' }, /has left.*Open the world again/],
  ['somebody who was banned', { membership: 'ban' }, /was banned.*steward/],
])('%s cannot be written to by anybody', (_, standing, words) => {
  const refusal = refusalOf({ ...VISITOR, role: 'owner', level: 100, ...standing }, BOB, 'edit');
  expect(refusal?.code).toBe('read-only');
  expect(refusal?.message).toMatch(words);
});
