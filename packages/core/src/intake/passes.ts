import { WeftError } from '../errors.ts';

/** Whether a check lets something through; what else goes wrong in it is thrown. */
export function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof WeftError) return false;
    throw error;
  }
}
