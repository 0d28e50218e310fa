import type { IntakeRefusal, Patch, Path, Replica } from '@weft/core';
import type { RejectProblem } from './frame/reject.ts';
import { MAX_MESSAGE_CHARACTERS, MAX_REJECT_PROBLEMS } from './limits.ts';

/** What of refusals goes to the author: each register with what stands instead, as far as there is room. */
export function rejectProblems(
  refusals: readonly IntakeRefusal[],
  patch: Patch,
  replica: Pick<Replica, 'registers'>,
): RejectProblem[] {
  const problems: RejectProblem[] = [];
  for (const refusal of refusals) {
    const { id, path } = refusal;
    const paths = path === null ? (patch.objects.get(id)?.registers.keys() ?? []) : [path];
    for (const each of paths) {
      if (problems.length === MAX_REJECT_PROBLEMS) return problems;
      problems.push(problemOf(refusal, each, replica));
    }
  }
  return problems;
}

function problemOf(
  { id, error }: IntakeRefusal,
  path: Path,
  replica: Pick<Replica, 'registers'>,
): RejectProblem {
  const winner = replica.registers(id)?.get(path);
  return {
    id,
    path,
    code: error.code,
    // A cut may go through a pair of surrogates.
    message: error.message.slice(0, MAX_MESSAGE_CHARACTERS).toWellFormed(),
    winner:
      winner === undefined
        ? null
        : { value: winner.value, time: winner.stamp.time, actor: winner.stamp.actor },
  };
}
