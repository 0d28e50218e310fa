import fc from 'fast-check';
import {
  encodePatch,
  type Patch,
  parseObjectId,
  patchOf,
  toBase64Url,
  type UserId,
  type Value,
  writerHashOf,
} from '../../src/index.ts';
import { userId } from '../arbitraries.ts';
import type { CarrierCase } from './vectors.ts';

/** A bundle or a personal event, as far as it is received. */
export type CarrierJson = Pick<CarrierCase, 'type' | 'event'>;

/** Half of what a patch says under personal ids of this user: what one carrier accepts the other does not. */
function halfPersonal(patch: Patch, owner: UserId): Patch {
  const rename = (id: string, at: number) =>
    at % 2 === 0 ? parseObjectId(id) : parseObjectId(`u_${writerHashOf(owner)}_${id}`.slice(0, 64));
  const objects = [...patch.objects].map(([id, said], at) => [rename(id, at), said] as const);
  return patchOf({
    registers: objects.flatMap(([id, { registers }]) =>
      [...registers].map(([path, register]) => ({ id, path, register })),
    ),
    purges: objects.flatMap(([id, { purge }]) => (purge === null ? [] : [[id, purge] as const])),
    actors: patch.actors,
  });
}

const junk = fc.constantFrom<Value>(null, 1, true, 2, '', 'A', {}, []);

/** Bundles and personal events of these patches, some of them forged, damaged, emptied or redacted. */
export function carrierOf(patch: fc.Arbitrary<Patch>): fc.Arbitrary<CarrierJson> {
  const rarely = <T>(what: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, what);
  return fc
    .record({
      type: fc.constantFrom('world.weft.bundle' as const, 'world.weft.personal' as const),
      sender: userId,
      owner: rarely(userId),
      namesake: rarely(userId),
      slot: fc.constantFrom('0', '7', '8', '00'),
      patch,
      damage: rarely(fc.tuple(fc.nat(), fc.constantFrom('', '_', 'A', '=', 'é'))),
      odd: rarely(fc.tuple(fc.constantFrom('v', 'patch', 'later'), junk)),
      isEmpty: rarely(fc.constant(true)),
      redactedAtMs: rarely(fc.constant(5)),
    })
    .map(
      ({
        type,
        sender,
        owner = sender,
        namesake = sender,
        slot,
        damage,
        odd,
        isEmpty,
        redactedAtMs,
        ...rest
      }) => {
        const text = toBase64Url(encodePatch(halfPersonal(rest.patch, namesake)));
        const [where, by] = damage ?? [text.length, ''];
        const at = where % (text.length + 1);
        const content: Value = {
          v: 1,
          patch: text.slice(0, at) + by + text.slice(at + (damage === undefined ? 0 : 1)),
          ...(odd === undefined ? {} : { [odd[0]]: odd[1] }),
        };
        return {
          type,
          event: {
            stateKey: type === 'world.weft.personal' ? owner : `${writerHashOf(owner)}.${slot}`,
            content: isEmpty === true ? {} : content,
            sender,
            ...(redactedAtMs === undefined ? {} : { redactedAtMs }),
          },
        };
      },
    );
}
