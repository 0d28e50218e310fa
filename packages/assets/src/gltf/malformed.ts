import { AssetError } from '../asset-error.ts';

/** A model that is not what its format asks for. @param what the start of a sentence: "use chair.glb" */
export function malformed(what: string, expected: string, got: string): AssetError {
  const hint = 'Check the file with a glTF validator and export it again.';
  return new AssetError('malformed-glb', { what, expected, got, hint });
}
