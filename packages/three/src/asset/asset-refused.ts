/** A model or picture that will not be shown; the message is a sentence fit for the person who put it there. */
export class AssetRefused extends Error {
  override readonly name = 'AssetRefused';
}
