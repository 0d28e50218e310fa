const SURROGATES = 0xd800;
const PRIVATE_USE = 0xe000;

/**
 * Orders two well-formed strings as their UTF-8 bytes would be ordered (that is, by code point), without encoding them.
 * Never use a locale or `<` for anything that replicas must agree on.
 */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** The length of a string in UTF-8 bytes. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // A surrogate is half of a four-byte character.
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800 || (unit >= SURROGATES && unit < PRIVATE_USE)) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}

// Surrogates stand for code points above U+FFFF, so they sort after the rest of the basic plane.
function rank(unit: number): number {
  if (unit < SURROGATES) return unit;
  return unit < PRIVATE_USE ? unit + 0x2000 : unit - 0x800;
}
