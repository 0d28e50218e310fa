import type { Twist, Verdict } from '../homeserver/state-resolution.ts';
import { SeededRandom } from '../random/seeded-random.ts';
import type { Counts } from './counts.ts';
import type { Script } from './script.ts';

/** What state resolutions of a script do besides what Matrix says, counted once each. */
export function twistOf({ seed, twists }: Script, counts: Counts): Twist {
  const told = new Set<string>();
  return (key, candidates) => {
    const place = `${seed}/${key}/${candidates.join('/')}`;
    const verdict = drawn(new SeededRandom(place).float(), twists);
    if (!told.has(place)) {
      told.add(place);
      if (verdict === 'other') counts.others += 1;
      if (verdict === 'reset') counts.resets += 1;
      if (verdict === 'drop') counts.drops += 1;
    }
    return verdict;
  };
}

function drawn(draw: number, { other, reset, drop }: Script['twists']): Verdict {
  if (draw < drop) return 'drop';
  if (draw < drop + reset) return 'reset';
  return draw < drop + reset + other ? 'other' : 'stock';
}
