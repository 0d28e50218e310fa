import type { Emitter } from '@weft/core';
import type { BlobShelf } from '../blob/blob-shelf.ts';
import { OBJECT_EVENT } from '../event-types.ts';
import { Writer } from '../writer/writer.ts';
import type { WriterPorts } from '../writer/writer-ports.ts';
import { everythingIn } from './everything.ts';
import type { KeptRoom } from './kept-room.ts';
import type { ProblemLog } from './problem-log.ts';
import { coveredBy, roomCarried } from './room-carried.ts';
import type { RoomModel } from './room-model.ts';
import type { RoomSessionEvents, RoomSessionOptions } from './session-events.ts';
import { barredBy, mayWrite, type Standing } from './standing.ts';

interface SessionWriterParts extends Pick<WriterPorts, 'ready' | 'dirty' | 'refused' | 'unseen'> {
  readonly model: RoomModel;
  readonly blobs: BlobShelf;
  readonly kept: Pick<KeptRoom, 'keepBlob'>;
  readonly events: Emitter<RoomSessionEvents>;
  readonly problems: ProblemLog;
  readonly standing: () => Standing;
  readonly serverNow: () => number;
}

/** The writer of a session: writes what the model lacks, and tells of what it cannot write. */
export function sessionWriter(
  { homeserver, room, replica, timers, fraction, rate }: RoomSessionOptions,
  { model, blobs, kept, events, problems, standing, serverNow, ...ports }: SessionWriterParts,
): Writer {
  const user = homeserver.userId;
  return new Writer({
    ...ports,
    ...{ homeserver, room, replica, timers, fraction, rate },
    barred: () => barredBy(standing(), room),
    extraOf: (id) => model.object(id)?.extra ?? {},
    stuck: (id, error) =>
      problems.failed(`${OBJECT_EVENT}/${id}`, `It cannot be saved: ${error.message}`, error),
    failed: (error) => problems.failed('saving', error.message, error),
    restamped: (change) => {
      events.emit('change', change);
      events.emit('resumed', null);
    },
    rights: { mayWrite: (type) => mayWrite(model, user, type) },
    carried: roomCarried({ model, replica, user, now: serverNow }),
    covers: () => coveredBy(model),
    setHash: () => replica.setHash(),
    everything: () => (model.unread.length > 0 ? null : everythingIn(replica)),
    uploaded: (pointer, said, file) => {
      blobs.put(pointer, said);
      kept.keepBlob(pointer.sha256, file);
    },
  });
}
