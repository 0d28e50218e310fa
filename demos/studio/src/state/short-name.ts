/** What to call somebody where there is little room: the name, or of a bare user id the part before its server. */
export function shortName(name: string): string {
  return /^@([^:]+):/.exec(name)?.[1] ?? name;
}

/** One or two letters of it. */
export function initialsOf(name: string): string {
  const words = shortName(name)
    .split(/[\s._-]+/)
    .filter((word) => word !== '');
  const [first = '?', ...rest] = words;
  const letters = [first, ...rest.slice(-1)].map((word) => [...word][0] ?? '');
  return letters.join('').toUpperCase();
}
