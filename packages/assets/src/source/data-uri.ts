// Percent encoding takes three; base64 takes less, and up to two padding characters.
const MAX_CHARACTERS_PER_BYTE = 3;
const PADDING_CHARACTERS = 8;

/**
 * The bytes of a `data:` URI (RFC 2397), read here because a page's content policy may forbid to fetch it.
 * `null` where it is malformed or longer than `maxBytes`.
 */
export function readDataUri(uri: string, maxBytes: number): Uint8Array | null {
  const comma = uri.indexOf(',');
  if (comma < 0 || !/^data:/i.test(uri)) return null;
  const body = uri.slice(comma + 1);
  try {
    // Checked first, so that a huge text is not decoded to be refused.
    if (body.length > maxBytes * MAX_CHARACTERS_PER_BYTE + PADDING_CHARACTERS) return null;
    const bytes = /;\s*base64\s*$/i.test(uri.slice(0, comma)) ? fromBase64(body) : fromPercent(body);
    return bytes.length > maxBytes ? null : bytes;
  } catch {
    // atob and decodeURIComponent throw on malformed text.
    return null;
  }
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(decodeURIComponent(text)), (character) => character.charCodeAt(0));
}

function fromPercent(text: string): Uint8Array {
  const bytes: number[] = [];
  const plain = new TextEncoder();
  for (const part of text.match(/%[0-9A-Fa-f]{2}|[^%]+|%/g) ?? []) {
    if (part === '%') throw new URIError('a percent sign without two digits');
    if (part.startsWith('%')) bytes.push(Number.parseInt(part.slice(1), 16));
    else for (const byte of plain.encode(part)) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
