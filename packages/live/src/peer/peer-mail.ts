import type { EditAccess, EventContent, Readable, Stop, UserId } from '@weft/core';

/** A device of a member that takes edits without a relay. */
export interface PeerDevice {
  readonly user: UserId;
  readonly device: string;
  /** As its member events name it, one a run of its client; a run that ended without a word stays for a while. */
  readonly memberIds: readonly string[];
}

/** What goes to one device. */
export interface PeerLetter {
  readonly user: UserId;
  readonly device: string;
  readonly content: EventContent;
}

/**
 * How the members of one world reach each other where there is no relay: over their homeservers in products, in memory in
 * tests. All of it may be lost, doubled or late.
 */
export interface PeerMail {
  /** The devices of members of this world that say so in its room, this client's own excluded, each once. */
  readonly devices: Readable<readonly PeerDevice[]>;
  /** Rejects where the homeserver did not take it; what became of it is not known then. */
  send(letters: readonly PeerLetter[], options: { readonly signal: AbortSignal }): Promise<void>;
  /** What comes; the homeservers vouch for the sender, and for nothing that the content says. */
  on(listener: (sender: UserId, content: unknown) => void): Stop;
  /** What somebody may do in the room by this client's own copy of it; `null` for who is not in it. */
  access(user: UserId): EditAccess | null;
  /** Tells when anybody may do more or less than before. */
  onStanding(listener: () => void): Stop;
}
