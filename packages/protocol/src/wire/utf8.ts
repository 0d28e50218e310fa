/**
 * Whether these bytes are UTF-8: no overlong form, no surrogate, nothing past U+10FFFF. What is not, decoders mend in
 * different ways.
 */
export function isUtf8(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to) {
    const lead = bytes[at++] ?? 0;
    if (lead < 0x80) continue;
    if (lead < 0xc2 || lead > 0xf4) return false;
    const more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    if (at + more > to) return false;
    const next = bytes[at] ?? 0;
    if (next < leastAfter(lead) || next > mostAfter(lead)) return false;
    for (const end = at + more; at < end; at++) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return false;
  }
  return true;
}

// Below would be a shorter character in a longer form.
function leastAfter(lead: number): number {
  if (lead === 0xe0) return 0xa0;
  return lead === 0xf0 ? 0x90 : 0x80;
}

// Above would be a surrogate, or past the last character.
function mostAfter(lead: number): number {
  if (lead === 0xed) return 0x9f;
  return lead === 0xf4 ? 0x8f : 0xbf;
}
