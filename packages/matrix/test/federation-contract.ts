import {
  type Homeserver,
  HomeserverError,
  type RoomId,
  type RoomUpdate,
  worldPowerLevels,
} from '@weft/matrix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { key, OBJECT, serverName, untilPassed } from './contract-place.ts';

/** Two homeservers, and what is between them. */
export interface FederationHarness {
  connect(server: 'near' | 'far', name: string): Promise<Homeserver>;
  /** Cuts the two off from each other. */
  split(): Promise<void>;
  heal(): Promise<void>;
  /** Lets syncs be answered and events travel; the virtual clock of a twin, real time between real servers. */
  pass(ms: number): Promise<void>;
  stop(): Promise<void>;
}

const LEVELS = 'm.room.power_levels';

/** What servers that federate promise on top of `homeserverContract`: the owner is near, the others are far. */
export function federationContract(name: string, start: () => Promise<FederationHarness>): void {
  describe(`federation contract: ${name}`, () => {
    let harness: FederationHarness;
    let owner: Homeserver;
    let builder: Homeserver;
    let room: RoomId;

    beforeAll(async () => {
      harness = await start();
      owner = await harness.connect('near', 'owner');
      builder = await harness.connect('far', 'builder');
      room = await owner.createRoom({
        name: 'Contract',
        access: 'private',
        roomVersion: '12',
        creation: { type: 'world.weft' },
        aliasLocalpart: null,
        invite: [builder.userId],
        powerLevels: worldPowerLevels('private', { [builder.userId]: 25 }),
        initialState: [{ type: OBJECT, stateKey: 'seed', content: { node: { name: 'Seed' } } }],
      });
      await builder.join(room, [serverName(owner)]);
    });

    afterAll(async () => {
      owner.stop();
      builder.stop();
      await harness.stop();
    });

    it('[H24] lets a user into a room of another server, with its state, and shows each what the other writes', async () => {
      expect(await nameIn(builder, 'seed')).toBe('Seed');
      const [near, far] = [key(), key()];
      await write(owner, near, 'near');
      await write(builder, far, 'far');
      await untilPassed(
        harness,
        async () => (await nameIn(builder, near)) === 'near' && (await nameIn(owner, far)) === 'far',
      );
    });

    it('[H33] hands a message on to a device of another server, also when that is reached again', async () => {
      const heard: unknown[] = [];
      const unhear = builder.onToDevice(({ sender, content }) => heard.push([sender, content.n]));
      await follow(builder);
      const tell = (n: number) =>
        owner.sendToDevice('world.weft.test', [{ user: builder.userId, device: '*', content: { n } }]);
      await tell(1);
      await untilPassed(harness, async () => heard.length > 0);
      await harness.split();
      await tell(2);
      await harness.pass(500);
      expect(heard).toEqual([[owner.userId, 1]]);
      await harness.heal();
      await untilPassed(harness, async () => heard.length > 1);
      expect(heard.at(-1)).toEqual([owner.userId, 2]);
      unhear();
    });

    it('[H25] agrees on one of two values written apart; each client is told of the loser too', async () => {
      const stateKey = key();
      await write(owner, stateKey, 'before');
      await untilPassed(harness, async () => (await nameIn(builder, stateKey)) === 'before');
      const updates = [await follow(owner), await follow(builder)];
      await harness.split();
      await write(owner, stateKey, 'near');
      await write(builder, stateKey, 'far');
      expect([await nameIn(owner, stateKey), await nameIn(builder, stateKey)]).toEqual(['near', 'far']);
      await harness.heal();
      await untilPassed(harness, async () => {
        const names = [await nameIn(owner, stateKey), await nameIn(builder, stateKey)];
        return names[0] === names[1] && updates.every(({ all }) => namesIn(all, stateKey).length === 2);
      });
      for (const { all, stop } of updates) {
        expect(namesIn(all, stateKey).sort()).toEqual(['far', 'near']);
        stop();
      }
    });

    it('[H26] takes away, unreported, all that somebody wrote to a key after a demotion that was not known there', async () => {
      const stateKey = key();
      await write(builder, stateKey, 'durable');
      await untilPassed(harness, async () => (await nameIn(owner, stateKey)) === 'durable');
      const { all, stop } = await follow(builder);
      await harness.split();
      await levels(owner, { [builder.userId]: 0 });
      await write(builder, stateKey, 'too late');
      await harness.heal();
      await untilPassed(harness, async () => (await nameIn(builder, stateKey)) === null);
      expect(all.flatMap(({ state }) => state).some((event) => isEmpty(event, stateKey))).toBe(false);
      // On the other server the branches meet with the next event that its sender may still send.
      await builder.sendState(room, {
        type: 'world.weft.avatar',
        stateKey: builder.userId,
        content: { v: 1 },
      });
      await untilPassed(harness, async () => (await nameIn(owner, stateKey)) === null);
      expect(await nameIn(owner, 'seed')).toBe('Seed');
      await levels(owner, { [builder.userId]: 25 });
      await untilPassed(harness, async () => (await codeOf(write(builder, key(), 'again'))) === null);
      stop();
    });

    it('[H27] gives a file of another server while that one is reached, and what it gave once for good', async () => {
      const bytes = Uint8Array.from([1, 2, 3]);
      const upload = () => owner.upload(bytes, { name: 'a.bin', type: 'application/octet-stream' });
      const [known, unknown] = [await upload(), await upload()];
      expect((await builder.download(known, { maxBytes: 3 })).bytes).toEqual(bytes);
      await harness.split();
      expect((await builder.download(known, { maxBytes: 3 })).bytes).toEqual(bytes);
      expect(await codeOf(builder.download(unknown, { maxBytes: 3 }))).not.toBeNull();
      await harness.heal();
      await untilPassed(
        harness,
        async () => (await codeOf(builder.download(unknown, { maxBytes: 3 }))) === null,
      );
    });

    it('[H28] carries out the redaction of an event of another server', async () => {
      const stateKey = key();
      const event = await builder.sendState(room, {
        type: OBJECT,
        stateKey,
        content: { node: { name: 'secret' } },
      });
      await untilPassed(harness, async () => (await nameIn(owner, stateKey)) === 'secret');
      const { all, stop } = await follow(builder);
      await owner.redact(room, event, '');
      await untilPassed(harness, async () =>
        all.some(({ redactions }) => redactions.some(({ target }) => target === event)),
      );
      expect(await builder.readStateEvent(room, OBJECT, stateKey)).toEqual({});
      stop();
    });

    function write(who: Homeserver, stateKey: string, name: string) {
      return who.sendState(room, { type: OBJECT, stateKey, content: { node: { name } } });
    }

    function levels(who: Homeserver, users: Readonly<Record<string, number>>) {
      const content = { ...worldPowerLevels('private', users) };
      return who.sendState(room, { type: LEVELS, stateKey: '', content });
    }

    async function nameIn(who: Homeserver, stateKey: string): Promise<unknown> {
      const content = await who.readStateEvent(room, OBJECT, stateKey);
      return content === null ? null : Reflect.get(Object(content.node), 'name');
    }

    async function follow(who: Homeserver): Promise<{ all: RoomUpdate[]; stop: () => void }> {
      const all: RoomUpdate[] = [];
      const listener = { update: (update: RoomUpdate) => all.push(update), connection: () => undefined };
      const following = await who.follow(room, listener);
      all.length = 0;
      return { all, stop: () => following.stop() };
    }
  });
}

function namesIn(updates: readonly RoomUpdate[], stateKey: string): unknown[] {
  const events = updates.flatMap(({ timeline }) => timeline).filter((event) => event.stateKey === stateKey);
  return events.map(({ content }) => Reflect.get(Object(content.node), 'name'));
}

function isEmpty(event: { stateKey: string | null; content: object }, stateKey: string): boolean {
  return event.stateKey === stateKey && Object.keys(event.content).length === 0;
}

async function codeOf(attempt: Promise<unknown>): Promise<string | null> {
  try {
    await attempt;
    return null;
  } catch (error) {
    if (error instanceof HomeserverError) return error.code;
    throw error;
  }
}
