import type { ObjectId } from '@weft/core';
import type { Studio } from '../state/studio.ts';
import { nameOf } from '../state/tree-rows.ts';
import { Icon } from './icon.tsx';

const MAX_SHOWN = 100;

/** What cannot be shown, read or saved as it is: a count that opens into sentences. */
export function ProblemList({ studio }: { studio: Studio }) {
  const problems = studio.problems.value;
  if (problems.length === 0) return null;
  return (
    <details class="problems">
      <summary>
        <Icon name="warning" size={13} />
        {problems.length === 1 ? '1 problem' : `${problems.length} problems`}
      </summary>
      <ul class="problem-list quiet-scroll">
        {problems.slice(0, MAX_SHOWN).map(({ object, where, path, message }) => (
          <li key={`${object} ${where} ${path} ${message}`}>
            {message}
            <div class="problem-object">
              {object === null ? where : <ObjectLink studio={studio} id={object} />}
            </div>
          </li>
        ))}
        {problems.length > MAX_SHOWN && <li>{`and ${problems.length - MAX_SHOWN} more`}</li>}
      </ul>
    </details>
  );
}

// A hidden object cannot be gone to; its id is all there is to say.
function ObjectLink({ studio, id }: { studio: Studio; id: ObjectId }) {
  const object = studio.world.get(id);
  if (object === undefined) return <>{id}</>;
  return (
    <button type="button" class="link-value" onClick={() => studio.selection.set([id])}>
      {nameOf(object)}
    </button>
  );
}
