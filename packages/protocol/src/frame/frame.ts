import type { TSchema } from 'typebox';
import type { Fields } from '../wire/field.ts';
import { type Layout, MESSAGE_PACK } from '../wire/layout.ts';
import type { Packer } from '../wire/pack.ts';
import { RecordCodec, type RecordOf, recordSchema } from '../wire/record.ts';
import type { Unpacker } from '../wire/unpack.ts';

/** To where a frame may go. */
export type Direction = 'to-relay' | 'to-client';

/** One kind of frame: its byte, its way, its bound and its fields in their order. */
export interface FrameKind<Type extends string, F extends Fields> {
  readonly type: Type;
  /** The first byte of the frame. */
  readonly byte: number;
  readonly direction: Direction;
  /** The largest frame of this kind, in bytes. */
  readonly maxBytes: number;
  readonly description: string;
  /** How its list of fields stands after the first byte. */
  readonly layout: Layout;
  /** Of that list. */
  readonly schema: TSchema;
  /** The frame; or what of it does not fit, as text. */
  read(wire: unknown): FrameFrom<Type, F> | string;
  write(frame: FrameFrom<Type, F>): unknown[];
  /** `null` for frames that are read and written field by field. */
  readonly writtenOut: WrittenOut<FrameFrom<Type, F>> | null;
}

/**
 * What `layout`, `read` and `write` of a kind do, written out for its fields, for frames that come often and alone: to go through a
 * list of fields takes several times as long when nobody did it for a while.
 */
export interface WrittenOut<Frame> {
  /** The frame whose list of fields comes next; `null` for a list that is longer, or does not fit. @throws ProtocolError and nothing else */
  read(wire: Unpacker): Frame | null;
  /** Writes the list of fields. */
  write(frame: Frame, wire: Packer): void;
}

/** A frame as programs have it. */
export type FrameFrom<Type extends string, F extends Fields> = { readonly type: Type } & RecordOf<F>;

export type FrameOf<Kind> = Kind extends FrameKind<infer Type, infer F> ? FrameFrom<Type, F> : never;

interface FrameParts<Frame> {
  readonly byte: number;
  readonly direction: Direction;
  readonly maxBytes: number;
  readonly description: string;
  /** Default: MessagePack. */
  readonly layout?: Layout;
  /** Default: none. */
  readonly writtenOut?: WrittenOut<Frame>;
}

export function frameKind<const Type extends string, const F extends Fields>(
  type: Type,
  parts: FrameParts<FrameFrom<Type, F>>,
  fields: F,
): FrameKind<Type, F> {
  const codec = new RecordCodec(fields);
  return {
    type,
    layout: MESSAGE_PACK,
    writtenOut: null,
    ...parts,
    schema: recordSchema(parts.description, fields),
    read: (wire) => {
      const frame: Record<string, unknown> = { type };
      // Every field was just read under its name.
      return codec.readInto(frame, wire) ?? (frame as FrameFrom<Type, F>);
    },
    write: (frame) => codec.write(frame),
  };
}
