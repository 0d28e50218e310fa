import { DOWN_FRAMES, UP_FRAMES } from '@weft/protocol';
import { DIALECT } from './component-schemas.ts';
import { isRecord, type JsonRecord, plain } from './json.ts';

/** One kind of frame, as its page and its schema tell of it. */
export interface FrameSchema {
  readonly type: string;
  readonly byte: number;
  readonly direction: string;
  readonly maxBytes: number;
  readonly description: string;
  /** Of the list after the first byte; bytes are base64url. */
  readonly schema: JsonRecord;
}

export function frameSchemas(): readonly FrameSchema[] {
  return [...UP_FRAMES, ...DOWN_FRAMES].map(({ type, byte, direction, maxBytes, description, schema }) => {
    const fields = plain(schema);
    return {
      type,
      byte,
      direction,
      maxBytes,
      description,
      schema: {
        $schema: DIALECT,
        $id: `urn:weft:schema:frame:${type}`,
        title: type,
        ...(isRecord(fields) ? fields : {}),
      },
    };
  });
}
