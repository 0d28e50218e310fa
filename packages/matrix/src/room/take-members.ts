import type { Homeserver } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';
import type { RequestOptions } from '../request.ts';
import type { Pipeline } from './pipeline.ts';
import type { ProblemLog } from './problem-log.ts';
import type { RoomModel } from './room-model.ts';
import { prepareMembers } from './stages.ts';

export interface TakeMembersParts {
  readonly homeserver: Homeserver;
  readonly room: RoomId;
  readonly model: RoomModel;
  readonly pipeline: Pipeline;
  readonly problems: ProblemLog;
}

/** Takes in who is here. Sync loads members lazily; that need not wait in front of what is here, and its failure is no obstacle. */
export async function takeMembers(
  { homeserver, room, model, pipeline, problems }: TakeMembersParts,
  options: RequestOptions,
): Promise<void> {
  try {
    const events = await homeserver.readMembers(room, options);
    await pipeline.take('the members', () => prepareMembers(model, events));
  } catch (error) {
    problems.failed('the members', 'They could not be read.', error);
  }
}
