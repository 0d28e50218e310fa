import { describe, expect, it } from 'vitest';
import { Editor } from '../../test/editor.ts';
import { authorsOf, authorsOfChange, parseObjectId, parsePath, parseUserId, patchOf } from '../index.ts';

const [table, cup] = ['table', 'cup'].map(parseObjectId);
if (table === undefined || cup === undefined) throw new Error('no ids');
const name = parsePath('node.name');

function two() {
  const [ann, bob] = [new Editor('ann'), new Editor('bob')];
  const { patch } = ann.edit((e) => {
    e.add({ id: 'table', node: { name: 'Table' } });
    e.add({ id: 'cup', parent: 'table' });
  });
  const added = bob.replica.receive(patch, 'live');
  const annUser = ann.access.userId;
  const bobUser = bob.access.userId;
  return { ann, bob, added, annUser, bobUser };
}

describe('authors', () => {
  it('[T3] are those whose registers win, by object and by property', () => {
    const { bob, bobUser, annUser } = two();
    bob.edit((e) => e.set('table', { node: { name: 'Desk' } }));
    expect(authorsOf(bob.replica, bobUser, table)).toEqual([annUser, bobUser]);
    expect(authorsOf(bob.replica, bobUser, table, [name])).toEqual([bobUser]);
    expect(authorsOf(bob.replica, bobUser, parseObjectId('nothing'))).toEqual([]);
  });

  it('[T3] of a change: of what was added, changed and removed, whoever it is hidden by', () => {
    const { ann, bob, added, annUser, bobUser } = two();
    const of = (change: typeof added) => Object.fromEntries(authorsOfChange(bob.replica, bobUser, change));
    expect(of(added)).toEqual({ table: [annUser], cup: [annUser] });
    const renamed = ann.edit((e) => e.set('cup', { node: { name: 'Cup' } })).patch;
    expect(of(bob.replica.receive(renamed, 'live'))).toEqual({ cup: [annUser] });
    const change = bob.replica.write(bob.compose((e) => e.remove('table')).patch, 'local');
    expect(new Set(change.removed)).toEqual(new Set([table, cup]));
    expect(of(change)).toEqual({ table: [bobUser], cup: [bobUser] });
  });

  it('[T3] a purge has no author', () => {
    const { bob, bobUser } = two();
    const time = bob.replica.clock.issue().time;
    const change = bob.replica.receive(patchOf({ purges: [[table, time]] }), 'matrix');
    expect(authorsOfChange(bob.replica, bobUser, change).get(table)).toEqual([]);
  });

  it('[T3] a forged claim never speaks for this client, and a disputed one names all', () => {
    const { ann, bob, annUser, bobUser } = two();
    const eve = parseUserId('@eve:test.org');
    bob.edit((e) => e.set('cup', { node: { name: 'Mine' } }));
    const actors = [ann, bob].map(({ replica }) => [replica.clock.actor, [eve]] as const);
    bob.replica.receive(patchOf({ actors }), 'matrix');
    expect(authorsOf(bob.replica, bobUser, cup, [name])).toEqual([bobUser]);
    expect(authorsOf(bob.replica, bobUser, table)).toEqual([annUser, eve]);
  });
});
