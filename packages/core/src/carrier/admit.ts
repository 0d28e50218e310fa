import type { DecodedFile } from '../binary/decode.ts';
import { ProblemList } from '../binary/problem-list.ts';
import type { IntakeProblem } from '../event/intake-problem.ts';
import { isPersonalObjectId, type ObjectId } from '../ids.ts';
import type { Patch } from '../register/patch.ts';
import { isPersonalObjectOf, type WriterHash } from './writer-key.ts';

export interface AdmittedPatch {
  readonly patch: Patch;
  readonly problems: readonly IntakeProblem[];
}

const NOT_HERE = "a personal object is accepted only from its owner's event";
const NOT_OWN = 'only personal objects of its sender are accepted from a personal event';

/** What a bundle or a layer may speak of: every object but personal ones. */
export function withoutPersonal(file: DecodedFile, carrier: string): AdmittedPatch {
  return keep(file, carrier, (id) => !isPersonalObjectId(id), NOT_HERE);
}

/** What a personal event may speak of: its owner's personal objects. */
export function onlyPersonalOf(writer: WriterHash, file: DecodedFile, carrier: string): AdmittedPatch {
  return keep(file, carrier, (id) => isPersonalObjectOf(writer, id), NOT_OWN);
}

function keep(
  { patch, problems }: DecodedFile,
  carrier: string,
  isKept: (id: ObjectId) => boolean,
  reason: string,
): AdmittedPatch {
  const dropped = [...patch.objects.keys()].filter((id) => !isKept(id));
  if (dropped.length === 0) return { patch, problems };
  const list = new ProblemList(carrier);
  for (const id of dropped) list.add(null, reason, id);
  const objects = new Map([...patch.objects].filter(([id]) => isKept(id)));
  return { patch: { ...patch, objects }, problems: [...problems, ...list.list()] };
}
