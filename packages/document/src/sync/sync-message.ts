import { createEncoder, toUint8Array, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { messageYjsSyncStep1, messageYjsSyncStep2, messageYjsUpdate } from 'y-protocols/sync';
import { DocumentError } from '../document-error.ts';
import { UpdateReader } from '../update/update-reader.ts';

/**
 * What two sides say of a document: the sync messages of y-protocols, in Yjs's first encoding, and that one side closes it.
 * `known` asks for what is not among these clocks by client; `answer` is what was asked for, `update` what is new.
 */
export type SyncMessage =
  | { readonly type: 'known'; readonly clocks: ReadonlyMap<number, number> }
  | { readonly type: 'answer'; readonly update: Uint8Array }
  | { readonly type: 'update'; readonly update: Uint8Array }
  | { readonly type: 'closed' };

/** Ours; the sync messages of y-protocols end at 2. */
const MESSAGE_CLOSED = 3;

/** Clients that a question names; a document of more structs than these is none. */
const MAX_CLOCKS = 16_384;

/** A message with the epoch of the document that it is about. */
export interface EpochMessage {
  readonly epoch: string;
  readonly message: SyncMessage;
}

/** The epoch, as text with its length before it, and the message. */
export function encodeSyncMessage(epoch: string, message: SyncMessage): Uint8Array {
  const encoder = createEncoder();
  writeVarString(encoder, epoch);
  switch (message.type) {
    case 'known':
      writeVarUint(encoder, messageYjsSyncStep1);
      writeVarUint8Array(encoder, encodeClocks(message.clocks));
      break;
    case 'answer':
      writeVarUint(encoder, messageYjsSyncStep2);
      writeVarUint8Array(encoder, message.update);
      break;
    case 'update':
      writeVarUint(encoder, messageYjsUpdate);
      writeVarUint8Array(encoder, message.update);
      break;
    case 'closed':
      writeVarUint(encoder, MESSAGE_CLOSED);
      break;
  }
  return toUint8Array(encoder);
}

/** Reads one message; its update is not looked at yet. @throws DocumentError `malformed` */
export function decodeSyncMessage(bytes: Uint8Array): EpochMessage {
  const reader = new UpdateReader(bytes);
  const epoch = reader.text();
  const message = read(reader);
  if (reader.isAtEnd) return { epoch, message };
  throw new DocumentError('malformed', 'Expected the end of the message, got more bytes');
}

function read(reader: UpdateReader): SyncMessage {
  const type = reader.number();
  switch (type) {
    case messageYjsSyncStep1:
      return { type: 'known', clocks: decodeClocks(reader.blob()) };
    case messageYjsSyncStep2:
      return { type: 'answer', update: reader.blob() };
    case messageYjsUpdate:
      return { type: 'update', update: reader.blob() };
    case MESSAGE_CLOSED:
      return { type: 'closed' };
    default:
      throw new DocumentError('malformed', `Expected a message from 0 to ${MESSAGE_CLOSED}, got ${type}`);
  }
}

function encodeClocks(clocks: ReadonlyMap<number, number>): Uint8Array {
  const encoder = createEncoder();
  writeVarUint(encoder, clocks.size);
  for (const [client, clock] of clocks) {
    writeVarUint(encoder, client);
    writeVarUint(encoder, clock);
  }
  return toUint8Array(encoder);
}

function decodeClocks(bytes: Uint8Array): ReadonlyMap<number, number> {
  const reader = new UpdateReader(bytes);
  const count = reader.number();
  if (count > MAX_CLOCKS)
    throw new DocumentError('malformed', `Expected at most ${MAX_CLOCKS} clients, got ${count}`);
  const clocks = new Map<number, number>();
  for (let left = count; left > 0; left--) clocks.set(reader.number(), reader.number());
  if (!reader.isAtEnd) throw new DocumentError('malformed', 'Expected the end of the clocks, got more bytes');
  return clocks;
}
