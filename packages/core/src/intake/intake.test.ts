import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACTOR_IDS, BASE_TIME, patch } from '../../test/arbitraries.ts';
import { ROLE_LEVELS } from '../edit/access.ts';
import { isActorId, parseUserId } from '../ids.ts';
import { entriesOf } from '../register/patch.ts';
import { isSameRegister } from '../register/register.ts';
import { Replica } from '../replica/replica.ts';
import { msOf } from '../stamp/stamp.ts';
import { Intake } from './intake.ts';

const NOW = () => msOf(BASE_TIME) + 1000;
const OWN = ACTOR_IDS.filter(isActorId).slice(0, 1);
const access = { userId: parseUserId('@ann:a.org'), level: ROLE_LEVELS.builder };
const steps = fc.array(fc.record({ way: fc.constantFrom('receive', 'hear', 'write'), patch }), {
  maxLength: 5,
});

function replicaOf(
  history: readonly { readonly way: string; readonly patch: Parameters<Replica['hear']>[0] }[],
) {
  const [actor] = OWN;
  if (actor === undefined) throw new TypeError('no actor');
  const replica = new Replica({ actor, now: NOW });
  for (const { way, patch: said } of history) {
    if (way === 'receive') replica.receive(said, 'matrix');
    else if (way === 'hear') replica.hear(said);
    else replica.write(said, 'local');
  }
  return replica;
}

test('[LA3] a patch is known where each of its registers shows or is dominated by the base, and nowhere else', () => {
  const found = { known: 0, unknown: 0 };
  fc.assert(
    fc.property(steps, patch, fc.boolean(), (history, other, isOld) => {
      const replica = replicaOf(history);
      // What was said before is often known, what somebody makes up seldom is.
      const asked = (isOld ? history[0]?.patch : undefined) ?? other;
      const isKnown = [...entriesOf(asked)].every(
        ({ id, path, register }) =>
          isSameRegister(replica.registers(id)?.get(path), register) ||
          replica.base.dominates(id, path, register),
      );
      if (asked.objects.size > 0) found[isKnown ? 'known' : 'unknown'] += 1;
      expect(new Intake({ replica, now: NOW }).isKnown(asked)).toBe(isKnown);
    }),
    propertySettings(500),
  );
  expect(found.known).toBeGreaterThan(20);
  expect(found.unknown).toBeGreaterThan(20);
});

test('[LA3] a patch is let through just where no object of it, asked for by itself, is a reason not to', () => {
  const found = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(steps, patch, fc.constantFrom(0, 1, 2, 3), (history, asked, mask) => {
      const intake = new Intake({ replica: replicaOf(history), now: NOW });
      const author = {
        access: { ...access, level: mask % 2 === 0 ? ROLE_LEVELS.builder : ROLE_LEVELS.visitor },
        mayBe: (actor: string) => mask > 1 || actor === ACTOR_IDS[0],
      };
      const refusals = intake.refusals(asked, author);
      const alone = [...asked.objects].some(([id, object]) => {
        const part = { objects: new Map([[id, object]]), actors: asked.actors };
        return intake.refusals(part, author).length > 0;
      });
      // A parent may be moved by the same patch: together they may hang from each other, or do so no longer.
      const isTree = [...entriesOf(asked)].some(({ path }) => path === 'node.parent');
      if (!isTree) expect(refusals.length > 0).toBe(alone);
      found[refusals.length > 0 ? 'refused' : 'taken'] += asked.objects.size > 0 ? 1 : 0;
    }),
    propertySettings(500),
  );
  expect(found.taken).toBeGreaterThan(5);
  expect(found.refused).toBeGreaterThan(20);
});
