import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a route answers when it does not do what was asked. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Told beside the code and the message. */
  readonly details: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
    details: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.details = details;
  }
}

/** On every answer: what a relay says is meant for who asked, now, and is never a page. */
export const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

export function replyJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(`${JSON.stringify(value)}\n`);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
  });
  response.end(body);
}

export function replyError(response: ServerResponse, error: HttpError): void {
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  replyJson(response, error.status, {
    error: { code: error.code, message: error.message, ...error.details },
  });
}

/**
 * The bytes of a request's body.
 *
 * @throws HttpError 413 `too-large` before more is held than allowed
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    // The rest is not read: the connection goes with the answer.
    if (length > maxBytes)
      throw new HttpError(413, 'too-large', `The body is larger than ${maxBytes} bytes. Send less at once.`, {
        connection: 'close',
      });
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/**
 * The JSON of a request's body.
 *
 * @throws HttpError 413 `too-large` before more is held than allowed, 400 `bad-json`
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const body = await readBody(request, maxBytes);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    throw new HttpError(400, 'bad-json', `The body is no JSON in UTF-8: ${got}.`);
  }
}
