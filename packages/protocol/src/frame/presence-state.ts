import { canonicalJson, isList, readValue, utf8Length, type Value } from '@weft/core';
import { Type } from 'typebox';
import { MAX_PRESENCE_BYTES } from '../limits.ts';
import type { Field } from '../wire/field.ts';

/** What an editor shows to others: what it selected, where its cursor is. Who it is, the relay says. */
export type PresenceState = Readonly<Record<string, Value>>;

/** The largest frame of a presence, in bytes: numbers are longer on the wire than in JSON. */
export const MAX_PRESENCE_FRAME_BYTES = 16_384;

export function presenceState(description: string): Field<PresenceState> {
  return {
    schema: Type.Record(Type.String(), Type.Unknown(), { description }),
    read: (wire) => {
      const value = readValue(wire);
      if (value === undefined || value === null || typeof value !== 'object' || isList(value))
        return undefined;
      return utf8Length(canonicalJson(value)) <= MAX_PRESENCE_BYTES ? value : undefined;
    },
    write: (state) => state,
  };
}
