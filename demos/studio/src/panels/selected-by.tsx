import type { Other } from '../state/others.ts';
import { initialsOf, shortName } from '../state/short-name.ts';

const MAX_SHOWN = 3;

interface SelectedByProps {
  readonly others: readonly Other[];
  /** Not the object itself, but something below it that the tree does not show now. */
  readonly inside?: boolean;
}

/** Who else has this object selected, or something inside of it. */
export function SelectedBy({ others, inside = false }: SelectedByProps) {
  if (others.length === 0) return null;
  const names = others.map(({ name }) => shortName(name)).join(', ');
  const words = inside ? `${names} selected something inside` : `Selected by ${names}`;
  return (
    <span class="selected-by" title={words}>
      {others.slice(0, MAX_SHOWN).map(({ user, name, colour }) => (
        <span
          key={user}
          class={`who ${inside ? 'inside' : ''}`}
          style={{ '--who': colour }}
          aria-hidden="true"
        >
          {inside ? '' : initialsOf(name)}
        </span>
      ))}
      {others.length > MAX_SHOWN && <span aria-hidden="true">{`+${others.length - MAX_SHOWN}`}</span>}
      <span class="visually-hidden">{words}</span>
    </span>
  );
}
