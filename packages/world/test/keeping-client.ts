import { openWorld, parseObjectId } from '@weft/world';

/** A process that keeps a world and edits it until it is killed; says what it sees at first, and which edits are kept. */
const [, , homeserver = '', token = '', room = '', store = '', label = ''] = process.argv;
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const world = await openWorld(room, { login: { homeserver, token }, store });
say({ lane: world.status.value.lane, seen: [...world.ids()] });
for (let at = 0; ; at += 1) {
  const id = `${label}${at}`;
  const edit = world.edit(`add ${id}`, (e) => e.add({ id: parseObjectId(id), node: { name: id } }));
  await edit.kept;
  say({ kept: id });
}
