import type { ObjectId } from '@weft/core';
import type { Person } from '@weft/world';
import { initialsOf, shortName } from '../state/short-name.ts';
import type { Studio } from '../state/studio.ts';
import { nameOf } from '../state/tree-rows.ts';
import { Popover } from './popover.tsx';

const MAX_FACES = 5;

/** Those in the room, oneself first, then who is here now; opens into the whole list with what each has selected. */
export function People({ studio }: { studio: Studio }) {
  const people = inOrder(studio);
  const here = people.filter(({ live }) => live).length;
  const tells = tellsWhoIsHere(studio);
  const label = `People: ${people.length} in the room${tells ? `, ${here} here now` : ''}`;
  return (
    <Popover
      class="people"
      label={label}
      button={
        <span class="faces">
          {people.slice(0, MAX_FACES).map((person) => (
            <Face key={person.user} studio={studio} person={person} />
          ))}
          {people.length > MAX_FACES && <span class="face more">{`+${people.length - MAX_FACES}`}</span>}
        </span>
      }
    >
      <h2>{people.length === 1 ? '1 person in the room' : `${people.length} people in the room`}</h2>
      {!tells && people.length > 1 && (
        <p class="soft">Without a live connection nobody can tell who is here now.</p>
      )}
      <ul class="people-list" aria-label="People">
        {people.map((person) => (
          <Line key={person.user} studio={studio} person={person} />
        ))}
      </ul>
    </Popover>
  );
}

function Line({ studio, person }: { studio: Studio; person: Person }) {
  const { user, name, role, live } = person;
  const isMe = user === studio.world.userId;
  const tells = tellsWhoIsHere(studio);
  return (
    <li>
      <Face studio={studio} person={person} />
      <div class="person-words">
        <span class="person-name" title={user}>
          {shortName(name)}
          {isMe && <span class="soft"> (you)</span>}
        </span>
        <span class="soft">{[role, ...(tells ? [live ? 'here now' : 'away'] : [])].join(' · ')}</span>
        {!isMe && <Selected studio={studio} ids={selectedBy(studio, user)} />}
      </div>
    </li>
  );
}

// The newest is named; the others are counted, and seen in the tree.
function Selected({ studio, ids }: { studio: Studio; ids: readonly ObjectId[] }) {
  const visible = ids.flatMap((id) => studio.graph.object(id) ?? []);
  const last = visible.at(-1);
  if (last === undefined) return null;
  return (
    <button
      type="button"
      class="link-value"
      onClick={() => {
        studio.selection.set(visible.map(({ id }) => id));
        studio.viewport.value?.frame(visible.map(({ id }) => id));
      }}
    >
      {`Has selected ${nameOf(last)}${visible.length > 1 ? ` and ${visible.length - 1} more` : ''}`}
    </button>
  );
}

function Face({ studio, person: { user, name, live } }: { studio: Studio; person: Person }) {
  const isAway = tellsWhoIsHere(studio) && !live && user !== studio.world.userId;
  return (
    <span
      class={`face ${isAway ? 'away' : ''}`}
      style={{ '--who': studio.others.colours.value.get(user) }}
      title={`${shortName(name)}${isAway ? ' (away)' : ''}`}
      aria-hidden="true"
    >
      {initialsOf(name)}
    </span>
  );
}

function tellsWhoIsHere(studio: Studio): boolean {
  const { lane } = studio.status.value;
  return lane === 'relay' || lane === 'peer';
}

function inOrder(studio: Studio): readonly Person[] {
  const me = studio.world.userId;
  const rank = ({ user, live }: Person): number => (user === me ? 0 : live ? 1 : 2);
  return studio.people.value
    .filter(({ membership, isRelay }) => membership === 'join' && !isRelay)
    .toSorted((a, b) => rank(a) - rank(b));
}

function selectedBy(studio: Studio, user: string): readonly ObjectId[] {
  const all = studio.others.list.value.filter((other) => other.user === user);
  return [...new Set(all.flatMap(({ selection }) => selection))];
}
