import type { Studio } from '../state/studio.ts';

const MAX_FACES = 5;
const HUES = 12;

/** Those in the room, oneself first. */
export function People({ studio }: { studio: Studio }) {
  const me = studio.world.userId;
  const people = studio.people.value
    .filter(({ membership }) => membership === 'join')
    .toSorted((a, b) => Number(b.user === me) - Number(a.user === me));
  const hidden = people.slice(MAX_FACES);
  return (
    <ul class="people" aria-label={`${people.length} in the room`}>
      {people.slice(0, MAX_FACES).map(({ user, name, role }) => (
        <li
          key={user}
          class="face"
          style={{ '--hue': `${hueOf(user)}` }}
          title={`${name}${user === me ? ' (you)' : ''}\n${user}\n${role}`}
        >
          <span aria-hidden="true">{initialsOf(name, user)}</span>
          <span class="visually-hidden">{`${name}${user === me ? ', you' : ''}, ${role}`}</span>
        </li>
      ))}
      {hidden.length > 0 && (
        <li class="face more" title={hidden.map(({ name }) => name).join('\n')}>
          {`+${hidden.length}`}
        </li>
      )}
    </ul>
  );
}

/** One or two letters: of the words of a name, else of the user id. */
export function initialsOf(name: string, user: string): string {
  const words = (name || user.replace(/^@/, '')).split(/[\s._-]+/).filter((word) => word !== '');
  const [first = '?', ...rest] = words;
  const letters = [first, ...rest.slice(-1)].map((word) => [...word][0] ?? '');
  return letters.join('').toUpperCase();
}

function hueOf(user: string): number {
  let sum = 0;
  for (const letter of user) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return (sum % HUES) * (360 / HUES);
}
