/**
 * How far an edit got: seen by this client and whoever heard of it, in the journal of a relay, or held by the room's
 * state. What a relay holds survives its author and the relay's own death, and is on its way into the room.
 */
export type Stage = 'local' | 'held' | 'durable';
