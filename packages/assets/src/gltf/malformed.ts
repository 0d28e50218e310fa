import { AssetError } from '../asset-error.ts';

const CHECK_IT = 'Check the file with a glTF validator and export it again.';

/** A model that is not what its format asks for. @param what the start of a sentence: "use chair.glb" */
export function malformed(what: string, expected: string, got: string, hint = CHECK_IT): AssetError {
  return new AssetError('malformed-glb', { what, expected, got, hint });
}
