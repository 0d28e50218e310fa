/** The homeservers that heard something which the room does not keep: who comes in later, or again, did not. */
export class ServersTold {
  #told: ReadonlySet<string> = new Set();

  /** They were in the room when it was said. */
  add(servers: ReadonlySet<string>): void {
    this.#told = servers;
  }

  /** Whether there are some in the room now that did not hear it. Call it whenever the room has other members: it forgets who is gone. */
  lacksSome(present: ReadonlySet<string>): boolean {
    this.#told = new Set([...this.#told].filter((server) => present.has(server)));
    return this.#told.size < present.size;
  }
}
