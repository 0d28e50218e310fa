import { WeftError } from '../src/errors.ts';

/** What a check refuses; `null` where it lets it through. */
export function refusal(check: () => unknown): WeftError | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof WeftError) return error;
    throw error;
  }
}
