/** The Ed25519 key pair of one running client: its hellos are signed with it, and its member event shows the public half. */
export interface SessionKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** @returns 64 bytes */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}
