import type { Command } from '../command.ts';
import { add } from './add.ts';
import { at } from './at.ts';
import { clone } from './clone.ts';
import { diff } from './diff.ts';
import { doctor } from './doctor.ts';
import { down } from './down.ts';
import { exportFile } from './export.ts';
import { get } from './get.ts';
import { guard } from './guard.ts';
import { importFile } from './import.ts';
import { log } from './log.ts';
import { ls } from './ls.ts';
import { mv } from './mv.ts';
import { newWorld } from './new.ts';
import { probe } from './probe.ts';
import { publish } from './publish.ts';
import { query } from './query.ts';
import { relay } from './relay.ts';
import { restore } from './restore.ts';
import { rm } from './rm.ts';
import { set } from './set.ts';
import { start } from './start.ts';
import { up } from './up.ts';
import { upgrade } from './upgrade.ts';
import { validate } from './validate.ts';
import { watch } from './watch.ts';

/** Every command, in the order of the help. A new one is a file beside this and a line here. */
export const commands: readonly Command[] = [
  start,
  up,
  down,
  doctor,
  newWorld,
  ls,
  get,
  query,
  watch,
  guard,
  add,
  set,
  mv,
  rm,
  publish,
  validate,
  importFile,
  exportFile,
  diff,
  log,
  at,
  restore,
  clone,
  upgrade,
  relay,
  probe,
];
