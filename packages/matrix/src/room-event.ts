import { isUserId, type UserId } from '@weft/core';
import { type EventId, isEventId } from './ids.ts';
import { integerMember, isRecord, type JsonRecord, member, stringMember } from './json.ts';

/** An event of a room, as far as Weft reads it. */
export interface RoomEvent {
  readonly id: EventId;
  readonly type: string;
  readonly sender: UserId;
  /** `null` for what is not state. */
  readonly stateKey: string | null;
  readonly content: JsonRecord;
  /** `origin_server_ts`, in milliseconds: the claim of the sender's homeserver. */
  readonly atMs: number;
  /** `unsigned.replaces_state`: the state event that this one took the place of. */
  readonly replaces: EventId | null;
  /** When it was redacted, by the redaction's `origin_server_ts`; `null` where it was not. */
  readonly redactedAtMs: number | null;
  /** `unsigned.age`, in milliseconds: how old it was when the homeserver sent it. */
  readonly ageMs: number | null;
}

/** Reads an event of the client-server API; `null` where it is none (it came from a stranger's server). */
export function parseRoomEvent(raw: unknown): RoomEvent | null {
  const id = member(raw, 'event_id');
  const type = stringMember(raw, 'type');
  const sender = member(raw, 'sender');
  const atMs = integerMember(raw, 'origin_server_ts');
  const content = member(raw, 'content');
  if (!isEventId(id) || type === null || !isUserId(sender) || atMs === null || !isRecord(content))
    return null;
  const unsigned = member(raw, 'unsigned');
  const replaces = member(unsigned, 'replaces_state');
  const redaction = member(unsigned, 'redacted_because');
  return {
    id,
    type,
    sender,
    stateKey: stringMember(raw, 'state_key'),
    content,
    atMs,
    replaces: isEventId(replaces) ? replaces : null,
    redactedAtMs: redaction === undefined ? null : (integerMember(redaction, 'origin_server_ts') ?? atMs),
    ageMs: integerMember(unsigned, 'age'),
  };
}

/** What a redaction removes: `content.redacts` since room version 11, the top level before. */
export function redactionTarget(raw: unknown): EventId | null {
  const target = member(member(raw, 'content'), 'redacts') ?? member(raw, 'redacts');
  return isEventId(target) ? target : null;
}
