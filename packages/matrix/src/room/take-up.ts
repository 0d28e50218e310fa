import type { JournalContents } from '../journal/journal-contents.ts';
import { constraintsAfter } from './constraints.ts';
import type { RoomModel } from './room-model.ts';
import { intakeOf, type Prepared, sourcesOf } from './stages.ts';

/**
 * Stage 1, of a journal: what it holds, as one step.
 *
 * @param isFirst nothing is known of the room yet, so that the state in the journal is what is known; else it only says
 *   what the room once held
 */
export function prepareContents(model: RoomModel, contents: JournalContents, isFirst: boolean): Prepared {
  const { state, past, remains, floor } = contents;
  const said = isFirst ? model.read(state) : model.advance([], [], []);
  const steps = [{ ...said, told: [...past, ...state] }];
  const unheld = (isFirst ? past : [...past, ...state]).flatMap(intakeOf);
  const intakes = [...said.fresh, ...unheld];
  return {
    steps,
    patches: [floor, ...intakes.map(({ decoded }) => decoded.patch)],
    sources: sourcesOf(intakes),
    remains,
    retracted: [],
    unheld,
    constraints: constraintsAfter(model, steps),
    // They were told when they came in.
    problems: [],
    rereadFor: [],
    seen: new Set(),
  };
}
