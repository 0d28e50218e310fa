import {
  type ActorId,
  entriesOf,
  type ObjectRegisters,
  type Patch,
  patchOf,
  type RegisterEntry,
  type Replica,
  type UserId,
  WeftError,
  type WeftErrorCode,
} from '@weft/core';
import type { LaneProblem, LaneReplica } from '@weft/live';
import type { RoomSession } from '@weft/matrix';
import { MAX_FORMER_ACTORS } from '@weft/protocol';

/** A relay's words for what it refuses that mean the same here. */
const CODES: ReadonlySet<string> = new Set<WeftErrorCode>([
  'forbidden',
  'read-only',
  'rule',
  'schema',
  'limit',
  'superseded',
  'held',
]);

/** The replica of a room's session, as its lane uses it. */
export function laneReplicaOf(session: RoomSession, replica: Replica, user: UserId): LaneReplica {
  const { actor } = replica.clock;
  const { lane } = session;
  return {
    actor,
    get former() {
      const actors = session.journal?.actors ?? [];
      return actors.filter((other) => other !== actor).slice(-MAX_FORMER_ACTORS);
    },
    usersOf: (other) => replica.usersOf(other),
    setHash: () => replica.setHash(),
    hear: (patch) => void lane.hear(patch),
    overhear: (patch) => void lane.overhear(patch),
    retractLive: (registers) => void lane.retract(registers),
    takeBack: (registers) => void lane.takeBack(registers),
    live: () => replica.livePatch(),
    sent: (registers) => lane.sent(registers),
    hold: (registers) => lane.hold(registers),
    forgetHeld: () => lane.forgetHeld(),
    refuse: (registers, problems) => lane.refuse(registers, refusal(registers, problems)),
    own: () => {
      const actors = new Set([actor, ...(session.journal?.actors ?? [])]);
      const dirty = [...replica.dirty()].flatMap(([id, paths]) =>
        Array.from(paths, ([path, register]) => ({ id, path, register })),
      );
      return claimedBy(
        user,
        dirty.filter(({ register }) => actors.has(register.stamp.actor)),
      );
    },
    unheld: () => claimedBy(user, [...entriesOf(replica.unheldPatch())]),
  };
}

/** Own registers, with whose they are: the relay lets an author say that of nobody else. */
export function claimedBy(user: UserId, registers: readonly RegisterEntry[]): Patch {
  const actors = new Set(registers.map(({ register }) => register.stamp.actor));
  return patchOf({ registers, actors: [...actors].map((actor) => [actor, [user]] as const) });
}

/** Whether all that a patch claims is that an actor is a user, as `claimedBy` says it. */
export function claimsJust({ actors }: Patch, actor: ActorId, user: UserId): boolean {
  const users = actors.get(actor);
  return actors.size === 1 && users?.size === 1 && users.has(user);
}

function refusal(registers: ObjectRegisters, problems: readonly LaneProblem[]): WeftError {
  const [problem] = problems;
  const ids = [...registers.keys()];
  return new WeftError(isCode(problem?.code) ? problem.code : 'forbidden', {
    what: `share an edit of ${ids.length === 1 ? ids[0] : `${ids.length} objects`}`,
    expected: 'an edit that the relay takes',
    got: problem?.message ?? 'a refusal without a reason',
    hint: 'It was taken back. Look at what is there now, and try again if it is still wanted.',
    ...(problem?.path == null ? {} : { path: problem.path }),
  });
}

function isCode(code: string | undefined): code is WeftErrorCode {
  return code !== undefined && CODES.has(code);
}
