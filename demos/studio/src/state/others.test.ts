import { newObjectId, type ObjectId, parseUserId } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TRAVELS } from '../../test/memory-people.ts';
import { type MemoryWorld, memoryWorld } from '../../test/memory-world.ts';
import { coloursOf } from './colours.ts';
import { MAX_SHOWN_SELECTION, readSelection } from './others.ts';
import { Studio } from './studio.ts';

const random = new SeededRandom('others').bytes;
const BOB = parseUserId('@bob:example.org');
const MIRA = parseUserId('@mira.sato:example.org');

let world: MemoryWorld;
let studio: Studio;

beforeEach(() => {
  vi.stubGlobal('document', { title: '' });
  world = memoryWorld({ durableAfterMs: 0, travel: TRAVELS.relay });
  studio = new Studio(world);
});

afterEach(() => vi.unstubAllGlobals());

function add(parent?: ObjectId): ObjectId {
  const where = parent === undefined ? {} : { parent };
  return world.edit('add', (e) => e.add({ ...where, node: { name: 'Box' } })).value;
}

describe('others who are here', () => {
  it('are told by object, and by what they hang below, each user once', () => {
    const group = add();
    const box = add(group);
    world.presence.select(BOB, [box, group]);
    world.presence.select(MIRA, [box]);
    const names = (ids: readonly { readonly name: string }[]) => ids.map(({ name }) => name);
    expect(names(studio.others.at(box))).toEqual(['Bob', 'Mira Sato']);
    expect(names(studio.others.at(group))).toEqual(['Bob']);
    expect(names(studio.others.below(group))).toEqual(['Bob', 'Mira Sato']);
    world.presence.select(BOB, []);
    expect(names(studio.others.at(group))).toEqual([]);
  });

  it('see what is selected here, as much as a message holds', () => {
    expect(world.presence.shown).toMatchObject({ selection: [] });
    const ids = Array.from({ length: MAX_SHOWN_SELECTION + 1 }, () => newObjectId(random));
    studio.selection.set(ids.slice(0, MAX_SHOWN_SELECTION));
    expect(world.presence.shown).toMatchObject({ selection: ids.slice(0, MAX_SHOWN_SELECTION) });
    studio.selection.set(ids);
    expect(world.presence.shown).toMatchObject({
      selection: ids.slice(1),
      color: studio.others.colours.value.get(world.userId),
    });
  });

  it('may say whatever they like', () => {
    const id = newObjectId(random);
    expect(readSelection(undefined)).toEqual([]);
    expect(readSelection('all')).toEqual([]);
    expect(readSelection([id, 3, 'no id!', null, id])).toEqual([id]);
    const many = Array.from({ length: MAX_SHOWN_SELECTION + 1 }, () => newObjectId(random));
    expect(readSelection(many)).toEqual(many.slice(1));
  });
});

describe('colours of people', () => {
  it('are the same on every page, and differ while there are enough', () => {
    const users = Array.from({ length: 12 }, (_, at) => `@user${at}:example.org`);
    const colours = coloursOf(users);
    expect(new Set(colours.values()).size).toBe(12);
    expect(coloursOf(users.toReversed())).toEqual(colours);
    expect(coloursOf([...users, '@user12:example.org']).size).toBe(13);
  });
});
