import {
  BUNDLE_SLOTS,
  encodeBlob,
  encodeBundle,
  encodeLayer,
  LAYER_SLOTS,
  newActorId,
  parseObjectId,
  Replica,
  writerKey,
} from '@weft/core';
import {
  connectHomeserver,
  createWorldRoom,
  type Homeserver,
  openRoom,
  type RoomId,
  type RoomSession,
  systemTimers,
} from '@weft/matrix';
import { until } from '@weft/testing';
import { type Account, synapse } from '@weft/testing/synapse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentOf, NAME, namesOf, pointerTo, type Written } from './room-events.ts';

const BUNDLE = 'world.weft.bundle';
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

interface Client {
  readonly homeserver: Homeserver;
  readonly replica: Replica;
  readonly session: RoomSession;
}

/** Names of so many objects. */
function names(prefix: string, count: number): Record<string, Written> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`${prefix}${at}`, [`Thing ${at}`, at]]),
  );
}

/** Waits for what the room tells; the time only bounds a failure. */
describe('carriers of a room on a real homeserver', () => {
  let room: RoomId;
  let owner: Client;
  let builder: Client;

  async function open(homeserver: Homeserver): Promise<Client> {
    const replica = new Replica({
      actor: newActorId(random),
      now: () => Date.now() + homeserver.serverOffsetMs(),
    });
    const session = await openRoom({ homeserver, room, replica, timers: systemTimers, random });
    return { homeserver, replica, session };
  }

  const connect = ({ homeserver, token }: Account) => connectHomeserver({ url: homeserver, token });
  const nameOf = ({ replica }: Client, id: string) => replica.scene.get(parseObjectId(id))?.get(NAME);

  beforeAll(async () => {
    const shared = await synapse();
    const homeserver = await connect(await shared.account('owner'));
    const other = await connect(await shared.account('builder'));
    room = await createWorldRoom(homeserver, {
      title: 'Carriers',
      access: 'private',
      invite: [other.userId],
      levels: { [other.userId]: 25 },
    });
    owner = await open(homeserver);
    builder = await open(other);
  });

  afterAll(() => {
    for (const { session, homeserver } of [owner, builder]) {
      session.close();
      homeserver.stop();
    }
  });

  it('[A19] a bundle of 500 objects is one event, and a layer one upload and one event', async () => {
    const encoded = encodeBundle(namesOf(names('chair', 500)));
    const content = contentOf(encoded);
    expect(encoded.bytes).toBeLessThan(20_000);
    const stateKey = writerKey(builder.homeserver.userId, 0, BUNDLE_SLOTS);
    await builder.homeserver.sendState(room, { type: BUNDLE, stateKey, content });
    await until(() => nameOf(owner, 'chair499') === 'Thing 499');
    const blob = encodeBlob(namesOf(names('tree', 5000)));
    const uri = await owner.homeserver.upload(blob.file, {
      name: 'a.weft',
      type: 'application/octet-stream',
    });
    const layer = encodeLayer({
      blob: pointerTo(blob, uri),
      hash: owner.replica.setHash(),
      covers: new Map(),
    });
    const layerKey = writerKey(owner.homeserver.userId, 0, LAYER_SLOTS);
    await owner.homeserver.sendState(room, {
      type: 'world.weft.layer',
      stateKey: layerKey,
      content: contentOf(layer),
    });
    await until(() => nameOf(builder, 'tree4999') === 'Thing 4999');
    expect(builder.session.incomplete).toEqual([]);
    await until(() => owner.replica.setHash() === builder.replica.setHash());
  });

  it('[A3] a bundle under the key of another is accepted by the homeserver, and by no reader', async () => {
    const stateKey = writerKey(owner.homeserver.userId, 5, BUNDLE_SLOTS);
    const content = contentOf(encodeBundle(namesOf({ forged: ['Forged', 1] })));
    await builder.homeserver.sendState(room, { type: BUNDLE, stateKey, content });
    const isReported = () =>
      owner.session.problems.some(({ carrier }) => carrier === `${BUNDLE}/${stateKey}`);
    await until(isReported);
    expect(nameOf(owner, 'forged')).toBeUndefined();
  });

  it('[A9] a redacted bundle takes what it named from everybody, and from those who come later', async () => {
    const stateKey = writerKey(builder.homeserver.userId, 1, BUNDLE_SLOTS);
    const content = contentOf(encodeBundle(namesOf({ secret: ['Secret', 1], other: ['Other', 1] })));
    const event = await builder.homeserver.sendState(room, { type: BUNDLE, stateKey, content });
    await until(() => nameOf(owner, 'secret') === 'Secret');
    await owner.homeserver.redact(room, event, 'spam');
    await until(() => nameOf(owner, 'secret') === undefined && nameOf(builder, 'secret') === undefined);
    await until(() => builder.replica.purgeOf(parseObjectId('secret')) !== null);
    const { events } = await owner.homeserver.readState(room);
    expect(events.find((each) => each.id === event)?.content).toEqual({});
  });
});
