// A process of its own for a test to kill: enters a world, says so, and walks for ever.
import { openWorld } from '@weft/world';

const [homeserver = '', token = '', room = ''] = process.argv.slice(2);
const world = await openWorld(room, { login: { homeserver, token } });
const me = await world.enter();
let x = 0;
setInterval(() => {
  x += 0.07;
  me.pose({ body: { position: [x, 0, 5], rotation: [0, 0, 0, 1] }, state: 'walk' });
}, 50);
me.status.subscribe(() => {
  if (me.status.value.seen === 'shown') process.stdout.write('shown\n');
});
