import {
  encodeBlob,
  encodeLayer,
  encodePersonal,
  MAX_CLOCK_LEAD_MS,
  type Patch,
  parseObjectId,
  parseTime,
  parseUserId,
} from '@weft/core';
import type { RoomEvent } from '@weft/matrix';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  bundleEvent,
  contentOf,
  NAME,
  namesOf,
  objectEvent,
  personalId,
  pointerTo,
  registerOf,
  roomEvent,
  TIME,
  type Written,
} from '../../test/room-events.ts';
import { decodeCarrier } from './decode-carrier.ts';
import { RoomModel } from './room-model.ts';
import type { BlobLookup, ModelStep } from './state-entries.ts';

const ANN = parseUserId('@ann:a.org');
const BOB = parseUserId('@bob:b.org');
const USERS = [ANN, BOB];
const IDS = ['lamp', 'table', 'chair'];
const FAR = parseTime(TIME + 10_000);
const AT_MS = 1_767_225_600_000;

const modelOf = (...events: readonly RoomEvent[]) => {
  const model = new RoomModel(() => FAR);
  model.take(model.read(events));
  return model;
};
const holds = (model: RoomModel, id: string, written: Written) =>
  model.dominates(parseObjectId(id), NAME, registerOf(written));

describe('what the room holds', () => {
  it('[A7] is what any of its current carriers says, the newest of each', () => {
    const model = modelOf(
      objectEvent('1', ANN, 'lamp', ['Old', 1]),
      bundleEvent('2', BOB, { lamp: ['New', 5], table: ['T', 2] }),
    );
    expect(holds(model, 'lamp', ['New', 5])).toBe(true);
    expect(holds(model, 'lamp', ['Old', 1])).toBe(true);
    expect(holds(model, 'lamp', ['Newer', 6])).toBe(false);
    expect(holds(model, 'table', ['T', 2])).toBe(true);
    expect(
      model
        .carriersOf(parseObjectId('lamp'))
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['world.weft.bundle', 'world.weft.object']);
    const missing = model.missing(parseObjectId('lamp'), new Map([[NAME, registerOf(['Newer', 6])]]));
    expect(missing).toHaveLength(1);
  });

  const change = fc.record({
    kind: fc.constantFrom('object', 'bundle', 'gone', 'whole'),
    user: fc.constantFrom(...USERS),
    slot: fc.nat({ max: 1 }),
    object: fc.constantFrom(...IDS),
    names: fc.dictionary(fc.constantFrom(...IDS), fc.tuple(fc.constantFrom('a', 'b'), fc.nat({ max: 5 })), {
      noNullPrototype: true,
    }),
  });

  it('[A7] equals asking every current carrier, after any steps', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        const model = modelOf();
        const current = new Map<string, RoomEvent>();
        for (const [at, { kind, user, slot, object, names }] of changes.entries()) {
          const before = saidBy(current.values());
          const fresh =
            kind === 'object'
              ? objectEvent(`${at}`, user, object, Object.values(names)[0] ?? ['x', 0])
              : bundleEvent(`${at}`, user, names, slot);
          const key = `${fresh.type} ${fresh.stateKey}`;
          if (kind === 'gone') current.delete(key);
          else current.set(key, { ...fresh, replaces: current.get(key)?.id ?? null });
          const event = current.get(key);
          const step: ModelStep =
            kind === 'gone' || kind === 'whole' || event === undefined
              ? model.read([...current.values()])
              : model.advance([event], [], []);
          const touched = model.touchedBy(step);
          model.take(step);
          expect(step.unexpected).toEqual([]);
          const after = saidBy(current.values());
          for (const id of IDS) {
            // Told too often is harmless, too rarely is not.
            if (JSON.stringify(before.get(id)) !== JSON.stringify(after.get(id)))
              expect(touched.has(parseObjectId(id))).toBe(true);
            for (let written = 0; written <= 6; written++)
              for (const value of ['a', 'b', 'x']) {
                const asked: Written = [value, written];
                const expected = [...current.values()].some((one) => dominatedBy(one, id, asked));
                expect(holds(model, id, asked)).toBe(expected);
              }
          }
        }
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  it('[A7] counts no stamp of the future, and a purge of any carrier', () => {
    const model = modelOf(bundleEvent('1', ANN, { lamp: ['Later', 20_000] }), {
      ...roomEvent('2', { type: 'world.weft.object', stateKey: 'table', sender: ANN, content: {} }),
    });
    expect(holds(model, 'lamp', ['Now', 1])).toBe(false);
    expect(holds(model, 'table', ['T', 1])).toBe(true);
    expect(model.purgeOf(parseObjectId('table'))).not.toBeNull();
    expect(model.purgeOf(parseObjectId('lamp'))).toBeNull();
  });

  it('[A8] does not look into a bundle of thousands of objects for a step that does not touch it', () => {
    const names = Object.fromEntries(Array.from({ length: 4000 }, (_, at) => [`o${at}`, ['x', 1] as const]));
    const model = modelOf();
    const step = model.read([bundleEvent('1', ANN, names), objectEvent('2', ANN, 'lamp', ['Old', 1])]);
    model.take(step);
    const [big = expect.fail()] = [...step.entries.values()].map(({ decoded }) => decoded?.patch.objects);
    expect(big?.size).toBe(4000);
    const looks = (['keys', 'entries', 'values', 'forEach'] as const).map((method) =>
      vi.spyOn(big ?? expect.fail(), method),
    );
    looks.push(vi.spyOn(big ?? expect.fail(), Symbol.iterator));
    const event = objectEvent('3', ANN, 'lamp', ['New', 2]);
    const next = model.advance(
      [{ ...event, replaces: objectEvent('2', ANN, 'lamp', ['Old', 1]).id }],
      [],
      [],
    );
    expect([...model.touchedBy(next)]).toEqual([[parseObjectId('lamp'), ANN]]);
    model.take(next);
    expect(holds(model, 'lamp', ['New', 2])).toBe(true);
    expect(holds(model, 'o17', ['x', 1])).toBe(true);
    for (const look of looks) expect(look).not.toHaveBeenCalled();
  });
});

describe('what a carrier may say', () => {
  it('[A3] is nothing under the key of another, and that asks for no reading', () => {
    const forged = { ...bundleEvent('1', BOB, { lamp: ['Forged', 1] }), sender: ANN };
    const model = modelOf();
    const step = model.advance([forged], [], []);
    expect(step.fresh.map(({ decoded }) => [decoded.patch.objects.size, decoded.problems.length])).toEqual([
      [0, 1],
    ]);
    expect(step.unexpected).toEqual([]);
  });

  it('[A4] is nothing about a personal object, but in its owner’s personal event', () => {
    const hat = personalId(ANN, 'hat');
    const patch = namesOf({ [hat]: ['Hat', 1] });
    const content = contentOf(encodePersonal(patch, ANN));
    const own = roomEvent('1', { type: 'world.weft.personal', stateKey: ANN, sender: ANN, content });
    expect(decodeCarrier(own)?.patch.objects.has(hat)).toBe(true);
    for (const foreign of [
      { ...own, sender: BOB },
      { ...own, stateKey: BOB },
    ])
      expect(decodeCarrier(foreign)).toMatchObject({
        patch: { objects: new Map() },
        problems: [{ path: null }],
      });
    const typed = roomEvent('2', { type: 'world.weft.object', stateKey: hat, sender: ANN, content: {} });
    expect(decodeCarrier(typed)?.patch.objects.size).toBe(0);
  });

  it('reads no event of another type, nor one that is no state', () => {
    const chat = roomEvent('1', { type: 'm.room.message', stateKey: null, sender: ANN, content: {} });
    expect(decodeCarrier(chat)).toBeNull();
    expect(decodeCarrier({ ...chat, stateKey: '' })).toBeNull();
    expect(decodeCarrier({ ...bundleEvent('2', ANN, {}), stateKey: null })).toBeNull();
  });
});

describe('a redaction', () => {
  const bundle = bundleEvent('1', ANN, { lamp: ['L', 1], table: ['T', 1] });
  const redacted = { ...bundle, content: {}, redactedAtMs: AT_MS + 5 };
  const purges = (step: ModelStep) =>
    step.fresh.flatMap(({ decoded }) => [...decoded.patch.objects].map(([id, { purge }]) => [id, purge]));

  it.each([
    [
      'told by the timeline',
      (model: RoomModel) => model.advance([], [], [{ target: bundle.id, atMs: AT_MS + 5 }]),
    ],
    ['found by a reading', (model: RoomModel) => model.read([redacted])],
    ['told as state', (model: RoomModel) => model.advance([redacted], [], [])],
  ])('[A9] of a bundle purges all that it named, for those who knew it: %s', (_how, next) => {
    const model = modelOf(bundle);
    const step = next(model);
    const time = (AT_MS + MAX_CLOCK_LEAD_MS) * 2048 + 2047;
    expect(purges(step)).toEqual([
      ['lamp', time],
      ['table', time],
    ]);
    model.take(step);
    // The room's state does not tell it to anybody: it is for those who knew to carry it on.
    expect(model.purgeOf(parseObjectId('lamp'))).toBeNull();
    expect(holds(model, 'lamp', ['L', 1])).toBe(false);
    expect(purges(model.read([redacted]))).toEqual([]);
  });

  it('[A9] says nothing to those who did not know it, nor where a newer bundle has taken its place', () => {
    const model = modelOf(redacted);
    expect(purges(model.read([redacted]))).toEqual([]);
    const newer = modelOf({ ...bundleEvent('2', ANN, { lamp: ['L', 2] }), replaces: bundle.id });
    expect(newer.advance([], [], [{ target: bundle.id, atMs: AT_MS }]).entries.size).toBe(0);
  });

  it('[F2] that comes before what replaces its event, in one update, purges as if it had come alone', () => {
    const lamp = objectEvent('1', ANN, 'lamp', ['L', 1]);
    const content = { redacts: lamp.id };
    const redaction = roomEvent('2', { type: 'm.room.redaction', stateKey: null, sender: ANN, content });
    const next = { ...objectEvent('3', ANN, 'lamp', ['M', 2]), replaces: lamp.id };
    const told = [{ target: lamp.id, atMs: AT_MS + 5 }];
    const time = (AT_MS + MAX_CLOCK_LEAD_MS) * 2048 + 2047;
    const step = modelOf(lamp).advance([next], [redaction, next], told);
    expect(purges(step)).toContainEqual(['lamp', time]);
    expect(step.entries.size).toBe(1);
    expect([...step.entries.values()].map(({ event }) => event.id)).toEqual([next.id]);
    // What was written in knowledge of the event that is redacted afterwards stands.
    expect(purges(modelOf(lamp).advance([next], [next, redaction], told))).not.toContainEqual(['lamp', time]);
  });

  it('[A9] of a layer withdraws its pointer, and purges nothing', () => {
    const blob = encodeBlob(namesOf({ lamp: ['L', 1] }));
    const layer = layerEvent('1', blob);
    const model = new RoomModel(() => FAR, blobsOf([blob.sha256, namesOf({ lamp: ['L', 1] })]));
    model.take(model.read([layer]));
    expect(holds(model, 'lamp', ['L', 1])).toBe(true);
    const step = model.advance([], [], [{ target: layer.id, atMs: AT_MS + 5 }]);
    expect(purges(step)).toEqual([]);
    model.take(step);
    expect(holds(model, 'lamp', ['L', 1])).toBe(false);
    expect(model.unread).toEqual([]);
  });
});

describe('a blob', () => {
  const names = namesOf({ lamp: ['L', 1] });
  const blob = encodeBlob(names);

  it('[A10] that was not fetched leaves its carrier unread, until it can be looked up', () => {
    const found = new Map<string, Patch>();
    const model = new RoomModel(
      () => FAR,
      ({ sha256 }) => {
        const patch = found.get(sha256);
        return patch === undefined ? undefined : { patch, problems: [] };
      },
    );
    const layer = layerEvent('1', blob);
    const first = model.read([layer]);
    expect(first.fresh.map(({ decoded }) => decoded.patch.objects.size)).toEqual([0]);
    model.take(first);
    expect(model.unread.map(({ event }) => event)).toEqual([layer]);
    expect(model.read([layer]).fresh).toEqual([]);
    const [pointer = expect.fail()] = model.unread.flatMap(({ decoded }) => decoded?.blob ?? []);
    found.set(pointer.sha256, names);
    const step = model.resolved(pointer);
    expect([...model.touchedBy(step).keys()]).toEqual(['lamp']);
    model.take(step);
    expect([model.unread.length, holds(model, 'lamp', ['L', 1])]).toEqual([0, true]);
    expect(model.resolved(pointer).fresh).toEqual([]);
  });
});

function layerEvent(id: string, blob: ReturnType<typeof encodeBlob>): RoomEvent {
  const stateKey = bundleEvent(id, ANN, {}, 1).stateKey;
  const content = contentOf(
    encodeLayer({ blob: pointerTo(blob, 'mxc://a.org/b'), hash: '0'.repeat(32), covers: new Map() }),
  );
  return roomEvent(id, { type: 'world.weft.layer', stateKey, sender: ANN, content });
}

function blobsOf(...blobs: readonly (readonly [string, Patch])[]): BlobLookup {
  const found = new Map(blobs);
  return ({ sha256 }) => {
    const patch = found.get(sha256);
    return patch === undefined ? undefined : { patch, problems: [] };
  };
}

function dominatedBy(event: RoomEvent, id: string, asked: Written): boolean {
  const held = decodeCarrier(event)?.patch.objects.get(parseObjectId(id))?.registers.get(NAME);
  if (held === undefined) return false;
  const { value, stamp } = registerOf(asked);
  if (held.stamp.time !== stamp.time) return held.stamp.time > stamp.time;
  return String(held.value) >= String(value);
}

function saidBy(events: Iterable<RoomEvent>): Map<string, unknown> {
  const said = new Map<string, unknown>();
  for (const event of events)
    for (const [id, { registers }] of decodeCarrier(event)?.patch.objects ?? [])
      said.set(id, [...(Array.isArray(said.get(id)) ? [said.get(id)] : []), [...registers]]);
  return said;
}
