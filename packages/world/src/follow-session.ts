import type { Emitter, ObjectId, Replica, UserId } from '@weft/core';
import type { RoomSession } from '@weft/matrix';
import type { WorldMotion } from './avatar/world-motion.ts';
import type { WorldDocuments } from './document/world-documents.ts';
import type { Editor } from './editor.ts';
import type { WorldLane } from './lane/world-lane.ts';
import type { LiveQueries } from './live.ts';
import type { PeopleCell } from './people.ts';
import type { ProblemList } from './problems.ts';
import type { StatusCell } from './status.ts';
import { supersededBy, type WorldEvents, withAuthors } from './world-events.ts';

/** What of a world follows what its session tells. */
export interface Followers {
  readonly session: RoomSession;
  readonly replica: Replica;
  readonly userId: UserId;
  readonly editor: Editor;
  readonly live: LiveQueries;
  readonly lane: WorldLane;
  readonly documents: WorldDocuments;
  readonly motion: WorldMotion;
  readonly events: Emitter<WorldEvents>;
  readonly status: StatusCell;
  readonly problems: ProblemList;
  readonly people: PeopleCell;
}

/** Brings a world up to date with all that its session tells, for as long as that is open. */
export function followSession(followers: Followers): void {
  const { session, replica, userId, editor, live, lane, documents, motion, events } = followers;
  const { status, problems, people } = followers;
  const staged = (ids: Iterable<ObjectId>): void => {
    events.emit('stage', [...new Set(ids)]);
    status.update();
  };
  session.on('change', (change) => {
    editor.forgetPurged(change.removed);
    live.apply(change);
    documents.changed(change);
    motion.changed(change);
    events.emit('change', withAuthors(change, replica, userId));
    problems.update();
    status.update();
  });
  session.on('held', (registers) => {
    editor.hold(registers);
    staged(registers.keys());
  });
  session.on('resumed', () => lane.resumed());
  session.on('unheld', staged);
  session.on('settled', (settled) => {
    editor.settle(settled);
    const lost = supersededBy(documents.takeBack(settled), replica, userId);
    if (lost !== null) events.emit('superseded', lost);
    staged(settled.map(({ id }) => id));
  });
  session.on('refused', ({ ids, registers, error }) => {
    lane.refused(registers, error);
    editor.refuse(registers, error);
    events.emit('refused', { ids, error });
    staged(ids);
  });
  session.on('repair', (ids) => events.emit('repair', ids));
  session.on('problem', (problem) => {
    editor.stuck(problem);
    events.emit('problem', problems.add(problem));
  });
  session.on('standing', ({ replacement }) => {
    const before = status.value.replacement;
    people.update();
    motion.standingChanged();
    status.update();
    documents.standingChanged();
    if (replacement !== null && replacement !== before) events.emit('upgraded', replacement);
    // What the world declares judges objects that stay as they are.
    problems.update();
  });
  session.on('connection', () => status.update());
  session.on('incomplete', () => status.update());
  session.on('kept', () => status.update());
}
