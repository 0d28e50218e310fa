import { AssetError, type AssetErrorCode, type AssetErrorDetails } from '../asset-error.ts';

/** An `AssetError` as it goes from a worker to whoever waits for it. */
export interface Refusal extends Pick<AssetErrorDetails, 'what' | 'expected' | 'got' | 'hint'> {
  readonly code: AssetErrorCode;
}

/** `null` for what is no refusal but a failure. */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof AssetError)) return null;
  const { code, what, expected, got, hint } = error;
  return { code, what, expected, got, hint };
}

export function errorOf({ code, ...details }: Refusal): AssetError {
  return new AssetError(code, details);
}
