import type { ObjectEvent } from '../event/decode.ts';
import { type IntakeProblem, quote } from '../event/intake-problem.ts';
import { emptyPatch, type Patch } from '../register/patch.ts';
import type { BlobPointer } from './blob-pointer.ts';
import { parseWriterKey, writerHashOf } from './writer-key.ts';

/** A state event of a carrier with one writer, as it came from a room. Only the sender is vouched for. */
export type CarrierEvent = Pick<ObjectEvent, 'stateKey' | 'content' | 'sender' | 'redactedAtMs'>;

/** What a bundle or a personal event says. */
export interface DecodedBundle {
  /** Empty where it says nothing that can be read, or where a blob says it. */
  readonly patch: Patch;
  readonly problems: readonly IntakeProblem[];
  /** What has to be fetched to know what it says; `null` where nothing has. */
  readonly blob: BlobPointer | null;
}

export const SAYS_NOTHING: DecodedBundle = { patch: emptyPatch, problems: [], blob: null };

/** How problems name an event. */
export function carrierName(type: string, stateKey: unknown): string {
  return `${type}/${typeof stateKey === 'string' ? quote(stateKey) : typeof stateKey}`;
}

/** An event that counts for nothing, and why. */
export function refusedCarrier(carrier: string, reason: string): DecodedBundle {
  return { ...SAYS_NOTHING, problems: [{ carrier, path: null, reason }] };
}

/** Whether an event was taken back: emptied, or redacted. It says nothing, whoever did it. */
export function isBlank({ content, redactedAtMs }: CarrierEvent): boolean {
  if (redactedAtMs !== undefined) return true;
  return typeof content === 'object' && content !== null && Object.keys(content).length === 0;
}

/** Why the sender may not speak under this state key; `null` where it is their own. */
export function foreignKey({ stateKey, sender }: CarrierEvent, slots: number): string | null {
  const key = parseWriterKey(stateKey, slots);
  if (key === null)
    return `the state key is not the hash of a user, a dot and a number from 0 to ${slots - 1}`;
  return key.writer === writerHashOf(sender) ? null : 'the state key is that of another user than its sender';
}
