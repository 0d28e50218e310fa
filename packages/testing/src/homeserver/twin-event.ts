import type { UserId } from '@weft/core';
import type { EventId } from '@weft/matrix';

/** What somebody wants to send; without a state key it is a message. */
export interface NewEvent {
  readonly type: string;
  readonly sender: UserId;
  readonly stateKey?: string;
  readonly content: Readonly<Record<string, unknown>>;
  /** For how long the room remembers the message, in milliseconds (MSC4354). */
  readonly stickyMs?: number;
}

/** An event as servers hand it on: the client-server API shows its first members, without what depends on who looks. */
export interface TwinEvent {
  readonly event_id: EventId;
  readonly type: string;
  readonly sender: UserId;
  readonly state_key?: string;
  readonly origin_server_ts: number;
  readonly content: Readonly<Record<string, unknown>>;
  readonly msc4354_sticky?: { readonly duration_ms: number };
  /** The state event that it took the place of, at its own position in the room. */
  readonly replaces: EventId | null;
  /** The newest events that its server knew, which come before it. */
  readonly prev: readonly EventId[];
  /** The events that entitled its sender. */
  readonly auth: readonly EventId[];
  /** One more than the greatest depth of those before it. */
  readonly depth: number;
}

const SEPARATOR = '\0';

/** The place of a piece of state, as one text. */
export function stateKeyOf(type: string, key: string): string {
  return `${type}${SEPARATOR}${key}`;
}

export function isSentBy(server: string, { sender }: { readonly sender: string }): boolean {
  return sender.endsWith(`:${server}`);
}
