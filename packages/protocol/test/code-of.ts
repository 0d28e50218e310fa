import { ProtocolError } from '../src/protocol-error.ts';

/** The code of the `ProtocolError` that this throws; `null` where it throws nothing. */
export function codeOf(run: () => unknown): string | null {
  try {
    run();
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return null;
}
