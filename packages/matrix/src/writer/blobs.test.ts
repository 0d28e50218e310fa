import { newObjectId, normaliseValue, type Patch, parsePath, patchOf } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { describe, expect, it } from 'vitest';
import { type TwinClient, type TwinWorld, twinWorld } from '../../test/twin-world.ts';

const MINUTE_MS = 60_000;
const STOCK = { perSecond: 0.2, burst: 10 };

/** Objects as an import makes them: more than fits into one event. */
function manyOf(client: TwinClient, count: number, seed: string): Patch {
  const random = new SeededRandom(seed);
  const stamp = client.replica.clock.issue();
  return patchOf({
    registers: Array.from({ length: count }, () => newObjectId(random.bytes)).flatMap((id) =>
      [
        ['node.name', `Thing ${random.uint32()}`],
        ['transform.position', [random.float(), random.float(), random.float()]],
      ].map(([path, value]) => ({
        id,
        path: parsePath(String(path)),
        register: { value: normaliseValue(value, 'a value'), stamp },
      })),
    ),
  });
}

const typesOf = (written: readonly string[]) => written.map((line) => line.split(' ')[0]);
const uploadsOf = (world: TwinWorld, client: TwinClient) =>
  world.server.log.filter((line) => line.startsWith(`${client.homeserver.userId} upload`)).length;

async function expectAll(world: TwinWorld, patches: readonly Patch[]): Promise<void> {
  const opening = world.open('other');
  // Reading a blob takes turns with everything else.
  await world.timers.advance(1000);
  const late = await opening;
  for (const { objects } of patches)
    for (const id of objects.keys()) expect(late.replica.scene.get(id)?.node?.name).toMatch(/^Thing/);
  late.session.close();
}

describe('more than an event holds', () => {
  it('[W24] goes into one upload and one event: a layer of a steward, a bundle of a builder', async () => {
    const world = await twinWorld({ rateLimit: STOCK });
    const builder = await world.open('builder');
    const patches = [manyOf(world.owner, 5000, 'a'), manyOf(builder, 3000, 'b')] as const;
    world.owner.session.write(patches[0], 'import');
    builder.session.write(patches[1], 'import');
    await world.timers.advance(2000);
    expect(world.owner.session.unsaved + builder.session.unsaved).toBe(0);
    expect(typesOf(world.written(world.owner))).toEqual(['layer']);
    expect(typesOf(world.written(builder))).toEqual(['bundle']);
    expect([uploadsOf(world, world.owner), uploadsOf(world, builder)]).toEqual([1, 1]);
    await expectAll(world, patches);
    await world.timers.advance(10 * MINUTE_MS);
    expect(world.writes(world.owner) + world.writes(builder)).toBe(0);
  });

  it('[W24] keeps in a new layer what the older ones hold, and leaves the newest where it is', async () => {
    const world = await twinWorld();
    const patches: Patch[] = [];
    for (let round = 0; round < 3; round += 1) {
      const patch = manyOf(world.owner, 2000, `round ${round}`);
      patches.push(patch);
      world.owner.session.write(patch, 'import');
      await world.timers.advance(2000);
    }
    const keys = world.written(world.owner).map((line) => line.slice(-1));
    expect(keys).toEqual(['0', '1', '0']);
    await expectAll(world, patches);
  });

  it('[W24] keeps room in the bundles for edits that are worth no upload', async () => {
    const world = await twinWorld();
    const builder = await world.open('builder');
    const patches: Patch[] = [];
    for (let round = 0; round < 9; round += 1) {
      const patch = manyOf(builder, 2000, `round ${round}`);
      patches.push(patch);
      builder.session.write(patch, 'import');
      await world.timers.advance(2000);
    }
    expect(uploadsOf(world, builder)).toBe(9);
    for (const name of ['x', 'y']) builder.edit(name, { 'node.name': `Thing ${name}` });
    await world.timers.advance(500);
    expect(uploadsOf(world, builder)).toBe(9);
    expect(builder.session.unsaved).toBe(0);
    await expectAll(world, patches);
  });

  it('[W24] does not upload again what was uploaded when its event was refused or its answer lost', async () => {
    const world = await twinWorld();
    const { faults } = world.owner.homeserver;
    const limited = { kind: 'answer', status: 429, errcode: 'M_LIMIT_EXCEEDED', retryAfterMs: 3000 } as const;
    faults.add({ kind: 'none' }, { kind: 'none' }, limited, { kind: 'answer-lost' });
    world.owner.session.write(manyOf(world.owner, 2000, 'a'), 'import');
    await world.timers.advance(MINUTE_MS);
    expect(world.owner.session.unsaved).toBe(0);
    expect(uploadsOf(world, world.owner)).toBe(1);
    const { timeline } = world.server.room('look', world.room);
    expect(timeline.filter(({ type }) => type === 'world.weft.layer')).toHaveLength(1);
  });

  it('[W24] is not pointed to before it was seen to have arrived', async () => {
    const world = await twinWorld();
    const { server } = world;
    const store = server.store.bind(server);
    let losing = 2;
    server.store = (bytes, type) => {
      losing -= 1;
      return store(losing >= 0 ? bytes.slice(1) : bytes, type);
    };
    world.owner.session.write(manyOf(world.owner, 2000, 'a'), 'import');
    await world.timers.advance(MINUTE_MS);
    expect(world.owner.session.unsaved).toBe(0);
    expect(uploadsOf(world, world.owner)).toBe(3);
    expect(typesOf(world.written(world.owner))).toEqual(['layer']);
    expect(world.owner.session.incomplete).toEqual([]);
  });

  it('[W24] goes into events where the media repository does not take it', async () => {
    const world = await twinWorld({ maxUploadBytes: 1000 });
    const patch = manyOf(world.owner, 2000, 'a');
    world.owner.session.write(patch, 'import');
    await world.timers.advance(MINUTE_MS);
    expect(world.owner.session.unsaved).toBe(0);
    expect(new Set(typesOf(world.written(world.owner)).filter((type) => type !== 'object'))).toEqual(
      new Set(['bundle']),
    );
    await expectAll(world, [patch]);
  });

  it('[W27] goes into a bundle where the homeserver refuses the layer', async () => {
    const world = await twinWorld();
    world.owner.homeserver.faults.poison = ({ type }) =>
      type === 'world.weft.layer' ? { kind: 'answer', status: 403, errcode: 'M_FORBIDDEN' } : null;
    const patch = manyOf(world.owner, 2000, 'a');
    world.owner.session.write(patch, 'import');
    await world.timers.advance(2000);
    expect(world.owner.refused).toEqual([]);
    expect(typesOf(world.written(world.owner))).toEqual(['layer', 'bundle']);
    expect(uploadsOf(world, world.owner)).toBe(1);
    await expectAll(world, [patch]);
  });
});
