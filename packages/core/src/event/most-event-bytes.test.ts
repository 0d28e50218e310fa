import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ACTOR_IDS, PATHS, stamp, userId, value } from '../../test/arbitraries.ts';
import { decodePatch } from '../binary/decode.ts';
import { encodePatch } from '../binary/encode.ts';
import { actorOfUser, parseObjectId, parsePath, parseUserId } from '../ids.ts';
import { patchOf } from '../register/patch.ts';
import { parseTime } from '../stamp/stamp.ts';
import { canonicalJson } from '../value/canonical.ts';
import { normaliseValue } from '../value/normalise.ts';
import { utf8Length } from '../value/utf8.ts';
import { encodeObjectEvent } from './encode.ts';
import { MAX_OBJECT_EVENT_BYTES } from './limits.ts';
import { mostEventBytes } from './most-event-bytes.ts';

const registers = fc
  .array(fc.tuple(fc.constantFrom(...PATHS), fc.record({ value, stamp })), { minLength: 1, maxLength: 8 })
  .map((entries) => new Map(entries));

it('[E7] says no less than an event takes', () => {
  fc.assert(
    fc.property(
      registers,
      fc.dictionary(fc.constantFrom(...ACTOR_IDS), fc.array(userId, { maxLength: 4 })),
      (held, users) => {
        const actors = new Map(ACTOR_IDS.map((actor) => [actor, new Set(users[actor])]));
        const most = mostEventBytes([held], (actor) => actors.get(actor) ?? []);
        expect(bytesOf(held, actors)).toBeLessThanOrEqual(most);
      },
    ),
    propertySettings(),
  );
});

it('[E7] says no less for the characters that take most', () => {
  const user = parseUserId('@\u0001"\\é:a.org');
  const actor = actorOfUser(user);
  for (const text of ['\u0001'.repeat(100), '"\\'.repeat(100), '€'.repeat(100), '😀'.repeat(100)])
    for (const held of [text, [text, 0.1], { [text]: 1e-300 }]) {
      const event = new Map([
        [parsePath('node.name'), { value: held, stamp: { time: parseTime(2 ** 52), actor } }],
        [parsePath('node.kind'), { value: '~', stamp: { time: parseTime(2 ** 52 - 1), actor } }],
      ]);
      expect(bytesOf(event, new Map([[actor, new Set([user])]]))).toBeLessThanOrEqual(
        mostEventBytes([event], () => [user]),
      );
    }
});

it('[E7] says no less of an object of a file than of a map', () => {
  const position = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
    minLength: 3,
    maxLength: 3,
  });
  const objects = fc.array(fc.tuple(position, fc.integer(), value, stamp), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(objects, (all) => {
      const patch = patchOf({
        registers: all.flatMap(([place, number, any, at], index) =>
          Object.entries({ position: place, number, any }).map(([name, of]) => ({
            id: parseObjectId(`o${index}`),
            path: parsePath(`test:it.${name}`),
            register: { value: normaliseValue(of, 'write'), stamp: at },
          })),
        ),
      });
      for (const [id, { registers: rows }] of decodePatch(encodePatch(patch)).patch.objects) {
        const map = patch.objects.get(id)?.registers ?? new Map();
        expect(mostEventBytes([rows], () => [])).toBeGreaterThanOrEqual(mostEventBytes([map], () => []));
      }
    }),
    propertySettings(),
  );
});

it('finds room for what people place', () => {
  const at = { time: parseTime(2 ** 51), actor: ACTOR_IDS[0] ?? actorOfUser(parseUserId('@ann:a.org')) };
  const placed = Object.entries({
    ...{ 'node.name': 'A bench under the lime tree', 'node.kind': 'prop', 'node.parent': 'x'.repeat(22) },
    ...{
      'node.order': 'a0V',
      'node.tags': ['wood', 'public'],
      'mesh.src': `mxc://example.org/${'x'.repeat(24)}`,
    },
    ...{ 'transform.position': [1.25, 0, -3.5], 'transform.rotation': [0, 0.6, 0, 0.6] },
    'node.owner': '@ann:example.org',
  });
  const held = new Map(placed.map(([path, of]) => [parsePath(path), { value: of, stamp: at }]));
  expect(mostEventBytes([held], () => [])).toBeLessThan(MAX_OBJECT_EVENT_BYTES / 3);
});

type Parts = Parameters<typeof encodeObjectEvent>[0];

function bytesOf(registers: Parts['registers'], actors: Parts['actors']): number {
  try {
    return utf8Length(canonicalJson(encodeObjectEvent({ registers, actors, purge: parseTime(2 ** 52) })));
  } catch {
    // Past what an event may hold: nobody asks for its size then.
    return 0;
  }
}
