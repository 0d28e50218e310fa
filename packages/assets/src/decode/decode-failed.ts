/** Within a decoder’s thread: this part cannot be decoded. Goes out as a `DecodeFailure`. */
export class DecodeFailed extends Error {
  override readonly name = 'DecodeFailed';
  readonly expected: string;
  readonly got: string;

  constructor(expected: string, got: string) {
    super(`expected ${expected}, got ${got}`);
    this.expected = expected;
    this.got = got;
  }
}
