import { isUserId, type UserId, type Value } from '@weft/core';
import { isRecord, type JsonRecord, member, stringMember } from './json.ts';

/** What one device of a user is told, past any room. */
export interface ToDeviceMessage {
  readonly user: UserId;
  /** The device id, or `*` for all devices that the user has. */
  readonly device: string;
  readonly content: { readonly [name: string]: Value };
}

/** A message that came to this device. The homeservers vouch for the sender, and for nothing that the content says. */
export interface ReceivedToDevice {
  readonly type: string;
  readonly sender: UserId;
  readonly content: JsonRecord;
}

/** What one sync response may bring; Synapse sends 100, and more with the next. */
export const MAX_TO_DEVICE_MESSAGES = 1000;
/** What one message may say, as JSON; Matrix bounds what servers exchange likewise. */
export const MAX_TO_DEVICE_BYTES = 65_536;

const MAX_TYPE_CHARACTERS = 255;
const utf8 = new TextEncoder();

/** Reads the `to_device` section of a sync response; what is no message, or is larger than the bounds, is left out. */
export function parseToDevice(section: unknown): ReceivedToDevice[] {
  const events = member(section, 'events');
  if (!Array.isArray(events)) return [];
  return events.slice(0, MAX_TO_DEVICE_MESSAGES).flatMap((raw) => parseMessage(raw) ?? []);
}

/** `null` where it is none. */
export function parseMessage(raw: unknown): ReceivedToDevice | null {
  const type = stringMember(raw, 'type');
  const sender = member(raw, 'sender');
  const content = member(raw, 'content');
  if (type === null || type.length > MAX_TYPE_CHARACTERS || !isUserId(sender) || !isRecord(content))
    return null;
  return bytesOf(content) > MAX_TO_DEVICE_BYTES ? null : { type, sender, content };
}

function bytesOf(content: JsonRecord): number {
  return utf8.encode(JSON.stringify(content)).length;
}
