import { StoreError, type StoreErrorCode } from '../store-error.ts';

/** By the name of the DOMException; whatever else fails is a failure of the device. */
const CODE_OF_NAME: Readonly<Record<string, StoreErrorCode>> = {
  QuotaExceededError: 'full',
  // Cookies and site data are blocked, or a private window has no storage.
  SecurityError: 'unavailable',
  InvalidStateError: 'unavailable',
  NotSupportedError: 'unavailable',
  // Made by a later version of Weft.
  VersionError: 'corrupt',
};

const EXPECTED: Readonly<Partial<Record<StoreErrorCode, string>>> = {
  full: 'room in this browser’s storage',
  unavailable: 'a browser that stores data for this page',
  corrupt: 'a database of this version of Weft',
};

/** Names the situation of what IndexedDB or the Web Locks threw. */
export function indexedDbError(what: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const name = error instanceof Error ? error.name : '';
  const code = (Object.hasOwn(CODE_OF_NAME, name) ? CODE_OF_NAME[name] : undefined) ?? 'failed';
  const got =
    error instanceof Error ? [name, error.message].filter((part) => part !== '').join(': ') : String(error);
  const expected = EXPECTED[code] ?? 'the browser to do it';
  return new StoreError(code, { what, expected, got, cause: error });
}
