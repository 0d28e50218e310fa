import { StackError } from './stack-error.ts';

const REQUEST_TIMEOUT_MS = 30_000;

export interface MatrixReply {
  readonly status: number;
  readonly body: unknown;
}

/** One JSON request to the client-server API; a reply of any status is a reply. */
export async function matrixRequest(
  homeserver: string,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  options: { readonly token?: string; readonly body?: unknown } = {},
): Promise<MatrixReply> {
  const headers: Record<string, string> = {};
  if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`;
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(new URL(path, homeserver), {
    method,
    headers,
    body: options.body === undefined ? null : JSON.stringify(options.body),
    redirect: 'error',
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new StackError('account', {
      what: `${homeserver} does not answer.`,
      hint: 'Check that the address is right and that the homeserver runs.',
      cause,
    });
  });
  const body: unknown = await response.json().catch(() => null);
  return { status: response.status, body };
}
