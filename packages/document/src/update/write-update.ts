import { writeVarUint } from 'lib0/encoding';
import * as Y from 'yjs';
import type { DeletedRanges } from './deleted-ranges.ts';

export type Struct = Y.Item | Y.GC;

/** What an update says, taken apart. */
export interface UpdateParts {
  /** Those of one client one after another, by clock. */
  readonly structs: readonly Struct[];
  readonly deleted: DeletedRanges;
}

/** Takes apart an update that was scanned. */
export function readUpdate(update: Uint8Array): UpdateParts {
  const { structs, ds } = Y.decodeUpdate(update);
  return { structs: structs.filter((struct) => !(struct instanceof Y.Skip)), deleted: ds.clients };
}

/** Puts an update together, in Yjs's first encoding. */
export function writeUpdate({ structs, deleted }: UpdateParts): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  const rest = encoder.restEncoder;
  const groups = Map.groupBy(structs, ({ id }) => id.client);
  writeVarUint(rest, groups.size);
  // The greatest client first, as Yjs does: its items conflict least.
  for (const [client, own] of [...groups].sort(([a], [b]) => b - a)) {
    writeVarUint(rest, own.length);
    encoder.writeClient(client);
    writeVarUint(rest, own[0]?.id.clock ?? 0);
    for (const struct of own) struct.write(encoder, 0);
  }
  writeVarUint(rest, deleted.size);
  for (const [client, ranges] of deleted) {
    writeVarUint(rest, client);
    writeVarUint(rest, ranges.length);
    for (const { clock, len } of ranges) {
      writeVarUint(rest, clock);
      writeVarUint(rest, len);
    }
  }
  return encoder.toUint8Array();
}

/** Whether an update says nothing. */
export function isEmptyUpdate({ structs, deleted }: UpdateParts): boolean {
  return structs.length === 0 && deleted.size === 0;
}

/**
 * An update as several that are to be applied one after another, each of at most so many structs and deleted ranges. The
 * structs of one client stay in order, so one client's own update can be taken as it comes.
 */
export function splitUpdate(parts: UpdateParts, maxStructs: number): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < parts.structs.length; at += maxStructs)
    pieces.push(writeUpdate({ structs: parts.structs.slice(at, at + maxStructs), deleted: new Map() }));
  const ranges = [...parts.deleted].flatMap(([client, own]) => own.map((range) => ({ client, range })));
  for (let at = 0; at < ranges.length; at += maxStructs) {
    const grouped = Map.groupBy(ranges.slice(at, at + maxStructs), ({ client }) => client);
    const deleted = new Map([...grouped].map(([client, own]) => [client, own.map(({ range }) => range)]));
    pieces.push(writeUpdate({ structs: [], deleted }));
  }
  return pieces;
}
