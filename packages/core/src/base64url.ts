const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const ALPHABET_BYTES = new TextEncoder().encode(ALPHABET);
const ASCII = new TextDecoder();
const NO_SEXTET = 64;
const SEXTETS = new Uint8Array(128).fill(NO_SEXTET);
ALPHABET_BYTES.forEach((character, sextet) => {
  SEXTETS[character] = sextet;
});

/** Unpadded base64url (RFC 4648 section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  const characters = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  let to = 0;
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    held += 8;
    while (held >= 6) {
      held -= 6;
      characters[to++] = ALPHABET_BYTES[(bits >> held) & 63] ?? 0;
    }
    bits &= (1 << held) - 1;
  }
  if (held > 0) characters[to] = ALPHABET_BYTES[(bits << (6 - held)) & 63] ?? 0;
  return ASCII.decode(characters);
}

/** The bytes of an unpadded base64url text; `undefined` where it is not the one spelling of any. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let to = 0;
  let bits = 0;
  let held = 0;
  for (let at = 0; at < text.length; at++) {
    const sextet = SEXTETS[text.charCodeAt(at)] ?? NO_SEXTET;
    if (sextet === NO_SEXTET) return undefined;
    bits = (bits << 6) | sextet;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[to++] = bits >> held;
    bits &= (1 << held) - 1;
  }
  return bits === 0 ? bytes : undefined;
}
