import { WeftError } from '../errors.ts';

/** The error for a file that cannot be read at all. */
export function badFile(expected: string, got: string, cause?: unknown): WeftError {
  return new WeftError('bad-file', {
    what: 'read a Weft file',
    expected,
    got,
    hint: 'It is damaged, cut short, or was not written by Weft; get it again from its source.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The error for a patch or file beyond a named bound. */
export function beyondLimit(what: string, expected: string, got: string): WeftError {
  return new WeftError('limit', {
    what,
    expected,
    got,
    hint: 'Split the world into several files or layers.',
  });
}
