import { DirectoryPlace } from '@weft/store/sqlite';
import { RECORDS_KEPT, recordOf } from './endless-records.ts';

/** A process that writes until it is killed, and says of each write when it was acknowledged. */
const [, , directory = '', name = ''] = process.argv;
const store = await new DirectoryPlace(directory).open(name);
const counter = await store.read('counter');
let next = counter === null ? 1 : Number(new TextDecoder().decode(counter)) + 1;
for (;;) {
  await store.write({
    put: new Map([
      [`record/${next}`, recordOf(next)],
      ['counter', new TextEncoder().encode(String(next))],
    ]),
    remove: [`record/${next - RECORDS_KEPT}`],
  });
  process.stdout.write(`${next}\n`);
  next += 1;
}
