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

const PERCENT = 0x25;

function fromPercent(text: string): Uint8Array {
  const raw = new TextEncoder().encode(text);
  const bytes = new Uint8Array(raw.length);
  let length = 0;
  for (let at = 0; at < raw.length; at += 1) {
    let byte = raw[at] ?? 0;
    if (byte === PERCENT) {
      byte = hexDigit(raw[at + 1]) * 16 + hexDigit(raw[at + 2]);
      at += 2;
    }
    bytes[length] = byte;
    length += 1;
  }
  return bytes.slice(0, length);
}

function hexDigit(code: number | undefined): number {
  const value = Number.parseInt(String.fromCharCode(code ?? 0), 16);
  if (Number.isNaN(value)) throw new URIError('a percent sign without two digits');
  return value;
}
