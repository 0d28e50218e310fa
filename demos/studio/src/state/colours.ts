/** Twelve hues of one lightness: white letters are readable on each, and each is seen on light and on dark. */
const PALETTE = [
  '#b64253',
  '#468214',
  '#2770c5',
  '#b44c0d',
  '#03845f',
  '#695fc3',
  '#966503',
  '#058081',
  '#9050ab',
  '#7a7305',
  '#067c9d',
  '#aa4584',
] as const;

const FIRST = PALETTE[0];
const MODULUS = 65_521;

/**
 * A colour for each: the same on every page that knows the same people, whatever a client says of itself, and none twice
 * while there are enough.
 */
export function coloursOf(users: Iterable<string>): ReadonlyMap<string, string> {
  const colours = new Map<string, string>();
  const taken = new Set<string>();
  for (const user of [...new Set(users)].sort()) {
    const at = numberOf(user) % PALETTE.length;
    const turned = [...PALETTE.slice(at), ...PALETTE.slice(0, at)];
    const colour = turned.find((one) => !taken.has(one)) ?? turned[0] ?? FIRST;
    taken.add(colour);
    colours.set(user, colour);
  }
  return colours;
}

function numberOf(user: string): number {
  let sum = 0;
  for (const letter of user) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % MODULUS;
  return sum;
}
