import { MAX_REASON_CHARACTERS } from '@weft/protocol';

/** RFC 6455: a connection that ended without a closing handshake. */
export const ABNORMAL = 1006;
/** RFC 6455: the relay met a condition that it did not expect. */
export const INTERNAL_ERROR = 1011;
/** What RFC 6455 leaves of a close frame to the reason. */
const MAX_REASON_BYTES = 123;

/** A reason that fits into a close frame, cut between characters. */
export function closeReason(reason: string): string {
  let text = reason.slice(0, MAX_REASON_CHARACTERS);
  while (Buffer.byteLength(text) > MAX_REASON_BYTES) text = text.slice(0, -1);
  return text.toWellFormed();
}

/** The code with which ws closes by itself, by the code of its error. */
const WEB_SOCKET_CODES: Readonly<Record<string, number>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
};
const PROTOCOL_ERROR = 1002;

/** The code of RFC 6455 for an error that ws reports: of framing, unless it says otherwise; or of the connection. */
export function webSocketCode(error: Error): number {
  const code = 'code' in error ? String(error.code) : '';
  if (!code.startsWith('WS_ERR_')) return ABNORMAL;
  return WEB_SOCKET_CODES[code] ?? PROTOCOL_ERROR;
}
