import type { Invitation, ReceivedToDevice } from '@weft/matrix';
import { expect, it } from 'vitest';
import { type ContractPlace, key, type Listening, OBJECT, refuses, request } from './contract-place.ts';

/** What every `Homeserver` promises of messages: to devices, to the room, sticky and delayed ones, and without a room. */
export function messagesContract(place: () => ContractPlace): void {
  it('[H31] brings a message to a device, or to all of a user’s, and vouches for who sent it', async () => {
    const here = place();
    const { harness, owner, visitor, stranger } = here;
    const phone = await harness.otherDevice(visitor);
    const [desk, pocket] = [await here.listen(visitor), await here.listen(phone)];
    const stranded = await here.listen(stranger, null);
    expect([visitor.deviceId, phone.deviceId].filter((device) => device !== null)).toHaveLength(2);
    expect(phone.deviceId).not.toBe(visitor.deviceId);
    const one = { user: visitor.userId, device: visitor.deviceId ?? '', content: { n: 1 } };
    const all = { user: visitor.userId, device: '*', content: { n: 2 } };
    const nobody = { user: visitor.userId, device: 'NOBODY', content: { n: 3 } };
    await owner.sendToDevice('world.weft.test', [one, { ...one, user: stranger.userId, device: 'X' }]);
    await here.until(() => desk.heard.length > 0);
    await owner.sendToDevice('world.weft.test', [all]);
    await owner.sendToDevice('world.weft.test', [nobody]);
    await owner.sendToDevice('world.weft.last', [all]);
    const isOver = ({ heard }: Listening): boolean => heard.some(({ type }) => type === 'world.weft.last');
    await here.until(() => isOver(desk) && isOver(pocket));
    const said = ({ heard }: Listening) =>
      heard.filter(({ type }) => type === 'world.weft.test').map(({ content }) => content.n);
    // Each at least once, and perhaps more often.
    expect([...new Set(said(desk))]).toEqual([1, 2]);
    expect([...new Set(said(pocket))]).toEqual([2]);
    expect(desk.heard.every(({ sender }) => sender === owner.userId)).toBe(true);
    expect(stranded.heard).toEqual([]);
    for (const { stop } of [desk, pocket, stranded]) stop();
    phone.stop();
  });

  it('[H32] keeps what is sent to a device until that device syncs', async () => {
    const here = place();
    const { harness, owner, builder } = here;
    const phone = await harness.otherDevice(builder);
    await owner.sendToDevice('world.weft.kept', [
      { user: builder.userId, device: phone.deviceId ?? '', content: { n: 1 } },
    ]);
    await harness.pass(100);
    const { heard, stop } = await here.listen(phone);
    await here.until(() => heard.length > 0);
    expect(heard[0]).toEqual({ type: 'world.weft.kept', sender: owner.userId, content: { n: 1 } });
    stop();
    phone.stop();
  });

  it('[H34] sends a message once, however often the same transaction comes', async () => {
    const { owner, visitor, stranger, room } = place();
    const message = { type: 'm.room.message', content: { msgtype: 'm.text', body: 'Hello' } };
    const transaction = key();
    const first = await visitor.sendMessage(room, message, transaction);
    expect(await visitor.sendMessage(room, message, transaction)).toBe(first);
    expect(await visitor.sendMessage(room, message, key())).not.toBe(first);
    const sent = await owner.readEvent(room, first);
    expect(sent).toMatchObject({ type: message.type, stateKey: null, content: message.content });
    await refuses(stranger.sendMessage(room, message, key()), 'forbidden');
  });

  it('[H35] tells of invitations, and brings messages to a device, without a room', async () => {
    const here = place();
    const { harness, owner } = here;
    const guest = await harness.connect('guest');
    const before = await owner.createRoom(request({ invite: [guest.userId] }));
    const invitations: Invitation[] = [];
    const heard: ReceivedToDevice[] = [];
    guest.onToDevice((message) => heard.push(message));
    const lobby = await guest.enterLobby({
      invited: (invitation) => invitations.push(invitation),
      connection: () => undefined,
    });
    await here.until(() => invitations.length > 0);
    expect(invitations).toEqual([{ room: before, by: owner.userId, isWorld: true }]);
    const after = await owner.createRoom(request({}));
    await harness.setMembership(owner, after, guest.userId, 'invite');
    await here.until(() => invitations.length > 1);
    expect(invitations.at(-1)).toEqual({ room: after, by: owner.userId, isWorld: true });
    await owner.sendToDevice('world.weft.test', [{ user: guest.userId, device: '*', content: { n: 1 } }]);
    await here.until(() => heard.length > 0);
    lobby.stop();
    guest.stop();
  });

  it('[H36] remembers a sticky message for its time, and tells those who come later', async () => {
    const here = place();
    const { harness, owner, builder, visitor, room } = here;
    const { sticky } = await owner.rtc.features();
    const message = { type: 'org.matrix.msc4143.rtc.member', content: { n: 1, sticky_key: key() } };
    if (!sticky) {
      await refuses(owner.rtc.sendSticky(room, message, 60_000), 'unsupported');
      expect(await owner.rtc.readSticky(room)).toEqual([]);
      return;
    }
    const { updates, stop } = await here.follow(builder);
    const stuck = () => updates.flatMap((update) => update.sticky).map(({ event }) => event.id);
    const id = await visitor.rtc.sendSticky(room, message, 60_000);
    await here.until(() => stuck().includes(id));
    const found = (await builder.rtc.readSticky(room)).find(({ event }) => event.id === id);
    expect(found).toMatchObject({
      event: { sender: visitor.userId, content: message.content },
      durationMs: 60_000,
    });
    expect(found?.leftMs).toBeGreaterThan(0);
    expect(found?.leftMs).toBeLessThanOrEqual(60_000);
    const short = await visitor.rtc.sendSticky(room, message, 1000);
    await harness.pass(1500);
    const now = (await builder.rtc.readSticky(room)).map(({ event }) => event.id);
    expect([now.includes(id), now.includes(short)]).toEqual([true, false]);
    stop();
  });

  it('[H37] sends later what it was given to, unless that is restarted or cancelled', async () => {
    const { harness, owner, builder, room } = place();
    const { delayed, sticky } = await owner.rtc.features();
    const state = (stateKey: string) => ({ type: OBJECT, stateKey, content: { node: { name: 'Late' } } });
    const [sent, restarted, cancelled] = [key(), key(), key()];
    if (!delayed) {
      await refuses(builder.rtc.delayState(room, state(sent), 1000), 'unsupported');
      expect(await builder.readStateEvent(room, OBJECT, sent)).toBeNull();
      return;
    }
    await builder.rtc.delayState(room, state(sent), 1000);
    const restart = await builder.rtc.delayState(room, state(restarted), 1000);
    const cancel = await builder.rtc.delayState(room, state(cancelled), 1000);
    const message = { type: 'm.rtc.member', content: { late: key() } };
    if (sticky) await builder.rtc.delaySticky(room, message, { delayMs: 1000, durationMs: 60_000 });
    await harness.pass(700);
    await builder.rtc.restartDelayed(restart);
    await builder.rtc.cancelDelayed(cancel);
    await harness.pass(800);
    const there = async (stateKey: string) => (await owner.readStateEvent(room, OBJECT, stateKey)) !== null;
    expect([await there(sent), await there(restarted), await there(cancelled)]).toEqual([true, false, false]);
    if (sticky) {
      const stuck = (await owner.rtc.readSticky(room)).map(({ event }) => event.content);
      expect(stuck).toContainEqual(message.content);
    }
    await harness.pass(1000);
    expect(await there(restarted)).toBe(true);
    await refuses(builder.rtc.restartDelayed(restart), 'not-found');
    await builder.rtc.cancelDelayed(restart);
  });

  it('[H38] names the transports that it offers, in either place, or none', async () => {
    const { harness, visitor } = place();
    const offered = await visitor.rtc.transports();
    expect(offered).toEqual(harness.transports ?? offered);
    expect(await visitor.rtc.wellKnownTransports()).toEqual(offered);
  });
}
