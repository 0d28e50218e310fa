import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { RoomPolicy } from '../../src/room/policy.ts';
import { parseRoomEvent, type RoomEvent } from '../../src/room-event.ts';

const EXAMPLES = fileURLToPath(
  new URL('../../../../protocol-spec/examples/world.weft.world', import.meta.url),
);
const ROOM_NAME = 'the name of the room';

const examples = ['valid', 'invalid'].flatMap((kind) =>
  readdirSync(join(EXAMPLES, kind)).map(
    (name): [string, { event: object; reads: { title: string | null } }] => [
      `${kind}/${name}`,
      JSON.parse(readFileSync(join(EXAMPLES, kind, name), 'utf8')),
    ],
  ),
);

it.each(examples)('the room takes its title from %s as the example says', (_name, { event, reads }) => {
  const name = { ...event, type: 'm.room.name', state_key: '', content: { name: ROOM_NAME } };
  const state = [event, name].map(parseRoomEvent).filter((each) => each !== null);
  const find = (type: string): RoomEvent | undefined =>
    state.find((each) => each.type === type && each.stateKey === '');
  expect(new RoomPolicy(find).title).toBe(reads.title ?? ROOM_NAME);
});
