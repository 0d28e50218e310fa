import {
  type EventId,
  type Homeserver,
  type HomeserverErrorCode,
  parseEventId,
  parseMxcUri,
  parseRoomAlias,
  parseRoomId,
  type RoomEvent,
  type RoomId,
  type RoomUpdate,
  redactionTarget,
  type TimelinePage,
  type TimelineRequest,
  worldPowerLevels,
} from '@weft/matrix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ContractHarness,
  ContractPlace,
  codeOf,
  type Difference,
  key,
  OBJECT,
  refuses,
  request,
  serverName,
} from './contract-place.ts';
import { messagesContract } from './messages-contract.ts';

/** The promises that every `Homeserver` keeps; run against the twin and against a real Synapse. */
export function homeserverContract(name: string, start: () => Promise<ContractHarness>): void {
  describe(`homeserver contract: ${name}`, () => {
    let place: ContractPlace;
    let harness: ContractHarness;
    let owner: Homeserver;
    let builder: Homeserver;
    let visitor: Homeserver;
    let stranger: Homeserver;
    let room: RoomId;

    beforeAll(async () => {
      place = await ContractPlace.make(await start());
      ({ harness, owner, builder, visitor, stranger, room } = place);
    });

    afterAll(() => place.stop());

    it('[H1] creates a room with the version, the type, the levels and the state that were asked for', async () => {
      const made = await owner.createRoom(
        request({ seed: [{ type: OBJECT, stateKey: 'seed', content: { node: { name: 'Seed' } } }] }),
      );
      const { events, malformed } = await owner.readState(made);
      const content = (type: string, key = '') =>
        events.find((event) => event.type === type && event.stateKey === key)?.content;
      expect(malformed).toEqual([]);
      expect(content('m.room.create')).toMatchObject({ room_version: '12', type: 'world.weft', mark: 'x' });
      const { historical, ...levels } = worldPowerLevels('private');
      const kept = differs('drops levels that it does not know') ? {} : { historical };
      expect(content('m.room.power_levels')).toEqual({ ...levels, ...kept, users: {} });
      expect(content(OBJECT, 'seed')).toEqual({ node: { name: 'Seed' } });
      expect(content('m.room.join_rules')).toMatchObject({ join_rule: 'invite' });
      expect(content('m.room.encryption')).toBeUndefined();
      expect(await owner.joinedRooms()).toContain(made);
    });

    it('[H2] does not let the creator of a version-12 room be listed among the users', async () => {
      const levels = { ...worldPowerLevels('private'), users: { [owner.userId]: 100 } };
      const code = differs('answers forbidden to a creator among the users') ? 'forbidden' : 'bad-event';
      await refuses(owner.createRoom({ ...request({}), powerLevels: levels }), code);
    });

    it('[H3] answers a write with its event, and an equal one with the same', async () => {
      const state = { type: OBJECT, stateKey: key(), content: { node: { name: 'A' } } };
      const first = await builder.sendState(room, state);
      expect(await builder.sendState(room, state)).toBe(first);
      expect(await builder.sendState(room, { ...state, content: { node: { name: 'B' } } })).not.toBe(first);
      expect(await owner.readStateEvent(room, OBJECT, state.stateKey)).toEqual({ node: { name: 'B' } });
      expect(await owner.readStateEvent(room, OBJECT, 'never-written')).toBeNull();
    });

    it('[H4] begins with the whole state, the create event included, or with nothing', async () => {
      const { updates, stop } = await place.follow(builder);
      expect(updates.map(({ complete, gap }) => ({ complete, gap }))).toEqual(
        harness.startsWhole ? [{ complete: true, gap: false }] : [],
      );
      const types = updates.flatMap(({ state }) => state.map(({ type }) => type));
      if (harness.startsWhole)
        expect(types).toEqual(expect.arrayContaining(['m.room.create', 'm.room.power_levels', OBJECT]));
      stop();
    });

    it('[H5] then tells what is new, with what it replaced, in the server’s order', async () => {
      const { updates, stop } = await place.follow(visitor);
      const stateKey = key();
      const ids = [];
      for (const name of ['A', 'B', 'C'])
        ids.push(await builder.sendState(room, { type: OBJECT, stateKey, content: { node: { name } } }));
      await place.until(() => seen(updates, stateKey).length === 3);
      expect(seen(updates, stateKey).map(({ id }) => id)).toEqual(ids);
      const replaced = differs('does not say what an event replaced')
        ? [null, null, null]
        : [null, ids[0], ids[1]];
      expect(seen(updates, stateKey).map(({ replaces }) => replaces)).toEqual(replaced);
      const last = updates.flatMap(({ state }) => state).findLast((event) => event.stateKey === stateKey);
      expect(last?.id).toBe(ids[2]);
      expect(later(updates).some(({ complete, gap }) => complete || gap)).toBe(false);
      stop();
    });

    it('[H6] tells a redaction by the timeline; the event stays current, empty and marked', async () => {
      const stateKey = key();
      const event = await builder.sendState(room, {
        type: OBJECT,
        stateKey,
        content: { node: { name: 'A' } },
      });
      const { updates, stop } = await place.follow(visitor);
      await owner.redact(room, event, 'spam');
      await place.until(() => updates.some(({ redactions }) => redactions.length > 0));
      const [redaction] = updates.flatMap(({ redactions }) => redactions);
      expect(redaction?.target).toBe(event);
      // Synapse's sync says nothing of it in the state; matrix-js-sdk repeats the event, emptied.
      const states = later(updates).flatMap(({ state }) => state.filter((found) => found.id === event));
      expect(states.at(-1)?.redactedAtMs ?? redaction?.atMs).toBe(redaction?.atMs);
      const current = (await owner.readState(room)).events.find((found) => found.stateKey === stateKey);
      const atMs = differs('dates a redaction in the state by the redacted event')
        ? current?.atMs
        : redaction?.atMs;
      expect(current).toMatchObject({ id: event, redactedAtMs: atMs });
      expect(current?.content).toEqual({});
      stop();
    });

    it('[H7] lets only moderators redact what is not theirs', async () => {
      const content = { node: { name: 'A' } };
      const event = await owner.sendState(room, { type: OBJECT, stateKey: key(), content });
      await refuses(builder.redact(room, event, ''), 'forbidden');
      // An event that the server does not know may still come from another one: it is taken.
      const unknown = owner.redact(room, parseEventId(`$${'A'.repeat(43)}`), '');
      if (differs('redacts known events only')) await refuses(unknown, 'not-found');
      else await unknown;
    });

    it.each([
      ['a float', { a: 1.5 }, 'bad-event'],
      ['an integer past 2^53 - 1', { a: 2 ** 53 }, 'bad-event'],
    ] as const)('[H8] refuses %s', async (_what, content, code) => {
      await refuses(builder.sendState(room, { type: OBJECT, stateKey: key(), content }), code);
    });

    it('[H8] refuses content of 65,000 bytes, and does not keep a lone surrogate', async () => {
      const write = (a: string) => builder.sendState(room, { type: OBJECT, stateKey: key(), content: { a } });
      await refuses(write('x'.repeat(65_000)), tooLarge());
      await refuses(write('\ud800'), differs('takes a lone surrogate') ? 'accepted' : 'server');
    });

    it('[H9] takes a state key of 255 bytes and content of 64,500, and one more byte of key not', async () => {
      const write = (stateKey: string, content: { a: string }) =>
        builder.sendState(room, { type: OBJECT, stateKey, content });
      await write('k'.repeat(255), { a: 'x' });
      await write(key(), { a: 'x'.repeat(64_500) });
      await refuses(write('k'.repeat(256), { a: 'x' }), tooLarge());
    });

    it('[H10] lets a role write what its level allows, and no more', async () => {
      const write = (who: Homeserver, type: string, stateKey: string) =>
        who.sendState(room, { type, stateKey, content: { by: who.userId } });
      await write(builder, OBJECT, key());
      await refuses(write(visitor, OBJECT, key()), 'forbidden');
      await refuses(write(builder, 'world.weft.world', ''), 'forbidden');
      await write(visitor, 'world.weft.avatar', visitor.userId);
      await refuses(write(visitor, 'world.weft.avatar', builder.userId), 'forbidden');
      await refuses(write(owner, 'world.weft.avatar', visitor.userId), 'forbidden');
    });

    it('[H11] shows a stranger nothing, and does not tell a hidden room from none', async () => {
      const none = parseRoomId(`!${'A'.repeat(43)}`);
      const codes = await Promise.all(
        [room, none].flatMap((id) => [
          codeOf(stranger.readState(id)),
          codeOf(stranger.readStateEvent(id, 'm.room.create', '')),
          codeOf(stranger.sendState(id, { type: OBJECT, stateKey: 'k', content: { a: 1 } })),
          codeOf(stranger.follow(id, { update: () => undefined, connection: () => undefined })),
        ]),
      );
      const known = differs('has other errors for a room that is not there') ? ['unsupported'] : [];
      expect(new Set(codes)).toEqual(new Set(['forbidden', ...known]));
      await refuses(stranger.join(room, []), 'forbidden');
      await refuses(
        stranger.join(none, []),
        differs('has other errors for a room that is not there') ? 'server' : 'not-found',
      );
    });

    it('[H12] lets in whom it invited, whoever comes to a public room, and those inside again', async () => {
      const open = await owner.createRoom({ ...request({}), access: 'public' });
      await stranger.join(open, []);
      await stranger.join(open, []);
      const members = await owner.readMembers(open);
      expect(members.map(({ stateKey }) => stateKey).sort()).toEqual([owner.userId, stranger.userId].sort());
      const hidden = await owner.createRoom(request({}));
      await harness.setMembership(owner, hidden, stranger.userId, 'invite');
      await stranger.join(hidden, []);
      expect(await stranger.readStateEvent(hidden, 'm.room.member', stranger.userId)).toMatchObject({
        membership: 'join',
      });
    });

    it('[H13] lets whom it kicked write no more, nor come back uninvited', async () => {
      const guest = await harness.connect('guest');
      const made = await owner.createRoom(request({ invite: [guest.userId], builder: guest.userId }));
      await guest.join(made, []);
      const write = () => guest.sendState(made, { type: OBJECT, stateKey: key(), content: { a: 1 } });
      await write();
      await harness.setMembership(owner, made, guest.userId, 'kick');
      await refuses(write(), 'forbidden');
      await refuses(guest.join(made, []), 'forbidden');
    });

    it('[H14] finds a room by its alias, which is given once', async () => {
      const name = `weft-${key().toLowerCase()}`;
      const made = await owner.createRoom({ ...request({}), aliasLocalpart: name });
      const alias = parseRoomAlias(`#${name}:${serverName(owner)}`);
      expect(await stranger.resolveAlias(alias)).toEqual({ room: made, via: [serverName(owner)] });
      await refuses(owner.createRoom({ ...request({}), aliasLocalpart: name }), 'in-use');
      await refuses(stranger.resolveAlias(parseRoomAlias(`#${name}-not:${serverName(owner)}`)), 'not-found');
    });

    it('[H15] keeps a file, and gives no more bytes than were asked for', async () => {
      const bytes = Uint8Array.from({ length: 1000 }, (_, at) => at % 256);
      const uri = await builder.upload(bytes, { name: 'a.glb', type: 'model/gltf-binary' });
      const told: Uint8Array[] = [];
      const onChunk = (chunk: Uint8Array): unknown => told.push(chunk);
      const found = await visitor.download(uri, { maxBytes: 1000, onChunk });
      expect(Buffer.concat(told).equals(bytes)).toBe(true);
      expect(found.bytes).toEqual(bytes);
      expect(found.type).toBe('model/gltf-binary');
      await refuses(visitor.download(uri, { maxBytes: 999 }), 'too-large');
      const absent = parseMxcUri(`mxc://${serverName(owner)}/${'A'.repeat(24)}`);
      await refuses(visitor.download(absent, { maxBytes: 1000 }), 'not-found');
    });

    it('[H16] does nothing more for a request or a sync that was given up', async () => {
      const signal = AbortSignal.abort();
      await refuses(owner.readState(room, { signal }), 'aborted');
      await refuses(
        owner.follow(room, { update: () => undefined, connection: () => undefined }, { signal }),
        'aborted',
      );
      const { updates, stop } = await place.follow(visitor);
      stop();
      await builder.sendState(room, { type: OBJECT, stateKey: key(), content: { a: 1 } });
      await harness.pass(200);
      expect(later(updates)).toEqual([]);
    });

    it('[H17] tells its clock to within a second of the ages of its events', async () => {
      const { stop } = await place.follow(builder);
      await builder.sendState(room, { type: OBJECT, stateKey: key(), content: { a: 1 } });
      await harness.pass(100);
      expect(Math.abs(builder.serverOffsetMs() - harness.clockOffsetMs)).toBeLessThan(1000);
      stop();
    });

    it('[H18] shows its history page by page, both ways, of the types that were asked for', async () => {
      const made = await owner.createRoom(request({}));
      const names = ['A', 'B', 'C', 'D', 'E'];
      const ids: EventId[] = [];
      for (const name of names)
        ids.push(await owner.sendState(made, { type: OBJECT, stateKey: 'k', content: { node: { name } } }));
      await owner.sendState(made, { type: 'world.weft.world', stateKey: '', content: { version: 1 } });
      expect(await pages(made, { direction: 'backward', limit: 2, types: [OBJECT] })).toEqual(
        ids.toReversed(),
      );
      if (differs('reads history forward from a token only'))
        await refuses(owner.readTimeline(made, { from: null, direction: 'forward', limit: 2 }), 'bad-event');
      else expect(await pages(made, { direction: 'forward', limit: 2, types: [OBJECT] })).toEqual(ids);
      const [newest] = (await owner.readTimeline(made, { from: null, direction: 'backward', limit: 1 }))
        .events;
      expect(newest?.type).toBe('world.weft.world');
      const all = await owner.readTimeline(made, { from: null, direction: 'backward', limit: 1000 });
      expect(all.malformed).toEqual([]);
      expect(all.events.at(-1)?.type).toBe('m.room.create');
      const replaced = all.events.filter(({ type }) => type === OBJECT).map(({ replaces }) => replaces);
      const before = differs('does not say what an event replaced')
        ? ids.map(() => null)
        : [...ids.slice(0, -1).toReversed(), null];
      expect(replaced).toEqual(before);
    });

    it('[H19] finds the events of a moment, and shows one that was redacted without its content', async () => {
      const made = await owner.createRoom(request({}));
      const write = (name: string) =>
        owner.sendState(made, { type: OBJECT, stateKey: name, content: { node: { name } } });
      const first = await write('first');
      await harness.pass(50);
      const second = await write('second');
      await harness.pass(50);
      const third = await write('third');
      const at = (await owner.readEvent(made, second))?.atMs ?? Number.NaN;
      const from = await owner.timelineTokenAt(made, at);
      const found = await owner.readTimeline(made, {
        from,
        direction: 'backward',
        limit: 10,
        types: [OBJECT],
      });
      expect(found.events.map(({ id }) => id).filter((id) => id !== third)).toEqual([second, first]);
      expect(await owner.timelineTokenAt(made, at + 3_600_000)).toBeNull();
      const redaction = await owner.redact(made, second, '');
      // A Dendrite answers before its part that serves clients has heard of it.
      await place.until(async () => (await owner.readEvent(made, redaction)) !== null);
      await place.until(async () => (await owner.readEvent(made, second))?.redactedAtMs !== null);
      const redacted = await owner.readEvent(made, second);
      expect(redacted).toMatchObject({ id: second, stateKey: 'second' });
      expect(redacted?.content).toEqual({});
      expect(redacted?.redactedAtMs).toBe((await owner.readEvent(made, redaction))?.atMs);
      expect(redactionOf(await owner.readEvent(made, redaction))).toBe(second);
      expect(await owner.readEvent(made, parseEventId(`$${'A'.repeat(43)}`))).toBeNull();
      expect(await stranger.readEvent(made, first).catch(() => null)).toBeNull();
      const looked = stranger.readTimeline(made, { from: null, direction: 'backward', limit: 1 });
      if (differs('shows a stranger a history without events'))
        expect(await looked).toMatchObject({ events: [], malformed: [] });
      else await refuses(looked, 'forbidden');
    });

    it('[H20] gives the current event of a key with who sent it, or none', async () => {
      const stateKey = key();
      const id = await builder.sendState(room, { type: OBJECT, stateKey, content: { node: { name: 'A' } } });
      expect(await visitor.readCurrent(room, OBJECT, stateKey)).toMatchObject({
        id,
        sender: builder.userId,
        content: { node: { name: 'A' } },
      });
      expect(await visitor.readCurrent(room, 'm.room.create', '')).toMatchObject({ sender: owner.userId });
      expect(await visitor.readCurrent(room, OBJECT, 'never-written')).toBeNull();
      await refuses(stranger.readCurrent(room, OBJECT, stateKey), 'forbidden');
    });

    it('[H39] gives a field of a profile to others as it was written, and none where there is none', async () => {
      const value = { src: 'mxc://example.org/cat', height: '~1.05' };
      if (differs('knows no fields of profiles'))
        await refuses(visitor.writeProfileField('world.weft.avatar', value), 'unsupported');
      else {
        await visitor.writeProfileField('world.weft.avatar', value);
        expect(await builder.readProfileField(visitor.userId, 'world.weft.avatar')).toEqual(value);
      }
      expect(await builder.readProfileField(builder.userId, 'world.weft.avatar')).toBeNull();
      expect(await builder.readProfileField(visitor.userId, 'world.weft.none')).toBeNull();
    });

    it('[H29] moves a name from one room to another', async () => {
      const name = `weft-${key().toLowerCase()}`;
      const alias = parseRoomAlias(`#${name}:${serverName(owner)}`);
      const first = await owner.createRoom({ ...request({}), aliasLocalpart: name });
      const second = await owner.createRoom(request({}));
      expect(await owner.readStateEvent(first, 'm.room.canonical_alias', '')).toMatchObject({ alias });
      await refuses(owner.addAlias(alias, second), 'in-use');
      await refuses(stranger.removeAlias(alias), 'forbidden');
      await owner.removeAlias(alias);
      await owner.removeAlias(alias);
      await owner.addAlias(alias, second);
      expect((await stranger.resolveAlias(alias)).room).toBe(second);
      expect(await owner.readStateEvent(first, 'm.room.canonical_alias', '')).not.toHaveProperty('alias');
    });

    it('[H30] lets in who is in a room that another one names, and whoever left a room is out of it', async () => {
      const rule = { join_rule: 'restricted', allow: [{ type: 'm.room_membership', room_id: room }] };
      const seed = [{ type: 'm.room.join_rules', stateKey: '', content: rule }];
      const made = await owner.createRoom(request({ seed }));
      await builder.join(made, []);
      await refuses(
        stranger.join(made, []),
        differs('fails on who may not join a restricted room') ? 'server' : 'forbidden',
      );
      const leave = { type: 'm.room.member', stateKey: builder.userId, content: { membership: 'leave' } };
      await builder.sendState(made, leave);
      expect(await owner.readStateEvent(made, 'm.room.member', builder.userId)).toMatchObject({
        membership: 'leave',
      });
      const ban = { type: 'm.room.member', stateKey: builder.userId, content: { membership: 'ban' } };
      await owner.sendState(made, ban);
      await refuses(builder.join(made, []), 'forbidden');
    });

    async function pages(of: RoomId, wanted: Omit<TimelineRequest, 'from'>): Promise<EventId[]> {
      const ids: EventId[] = [];
      let from: string | null = null;
      for (let page = 0; page < 50; page += 1) {
        const found: TimelinePage = await owner.readTimeline(of, { ...wanted, from });
        expect(found.events.length).toBeLessThanOrEqual(wanted.limit);
        ids.push(...found.events.map(({ id }) => id));
        if (found.end === null) return ids;
        from = found.end;
      }
      throw new Error('The history does not end.');
    }

    it('[H21] goes on from the token of an update, and misses nothing of what came between', async () => {
      const stateKey = key();
      const write = (name: string) =>
        builder.sendState(room, { type: OBJECT, stateKey, content: { node: { name } } });
      const first = await place.follow(visitor);
      const before = await write('before');
      await place.until(() => seen(first.updates, stateKey).length === 1);
      first.stop();
      const token = first.updates.at(-1)?.token ?? null;
      expect(token === null).toBe(!harness.startsWhole);
      const missed = [await write('one'), await write('two')];
      const second = await place.follow(visitor, token);
      expect(second.continued).toBe(harness.startsWhole);
      if (harness.startsWhole) {
        // A homeserver may repeat the last of what it told.
        await place.until(() => seen(second.updates, stateKey).length >= 2);
        expect(second.updates.some(({ complete, gap }) => complete || gap)).toBe(false);
        const told = seen(second.updates, stateKey).map(({ id }) => id);
        expect(told.filter((id) => id !== before)).toEqual(missed);
        const state = second.updates.flatMap((update) => update.state);
        expect(state.findLast((event) => event.stateKey === stateKey)?.id).toBe(missed[1]);
      }
      const after = await write('after');
      await place.until(() => seen(second.updates, stateKey).some(({ id }) => id === after));
      second.stop();
    });

    it('[H22] begins with the whole state where it does not know the token, or says that it did not go on', async () => {
      const { updates, continued, stop } = await place.follow(builder, 'a-token-of-nobody');
      expect(continued).toBe(false);
      expect(updates.map(({ complete }) => complete)).toEqual(harness.startsWhole ? [true] : []);
      stop();
    });

    messagesContract(() => place);

    function differs(difference: Difference): boolean {
      return harness.differences?.has(difference) === true;
    }

    function tooLarge(): HomeserverErrorCode {
      return differs('calls what is too large malformed') ? 'bad-event' : 'too-large';
    }

    function later(updates: readonly RoomUpdate[]): readonly RoomUpdate[] {
      return harness.startsWhole ? updates.slice(1) : updates;
    }
  });
}

function redactionOf(event: RoomEvent | null): EventId | null {
  return event?.type === 'm.room.redaction' ? redactionTarget(event) : null;
}

function seen(updates: readonly RoomUpdate[], stateKey: string) {
  return updates.flatMap(({ timeline }) => timeline).filter((event) => event.stateKey === stateKey);
}
