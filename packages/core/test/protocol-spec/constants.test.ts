import { expect, it } from 'vitest';
import { ABSENT_PROPERTY_STEPS, MAX_OBJECT_SCHEMA_STEPS } from '../../src/components/custom-check.ts';
import { MAX_EVENT_DEPTH } from '../../src/event/limits.ts';
import {
  BUNDLE_SLOTS,
  LAYER_SLOTS,
  MAX_ACTORS,
  MAX_BLOB_SOURCE_CHARACTERS,
  MAX_BLOB_SOURCES,
  MAX_BUNDLE_INFLATED_BYTES,
  MAX_BUNDLE_OBJECTS,
  MAX_BUNDLE_REGISTERS,
  MAX_CLAIMS_PER_ACTOR,
  MAX_CLOCK_LEAD_MS,
  MAX_CONTENT_BYTES,
  MAX_COORDINATE_METRES,
  MAX_DEPTH,
  MAX_OBJECT_COMPONENTS,
  MAX_OBJECT_EVENT_BYTES,
  MAX_QUARANTINED,
  MAX_TIME_TICKS,
  MAX_VALUE_BYTES,
  MAX_VALUE_DEPTH,
  QUARANTINE_LEAD_MS,
  TICKS_PER_MS,
} from '../../src/index.ts';
import { MAX_TAGGED_CHARACTERS } from '../../src/value/wire.ts';
import { specText } from './files.ts';

const ROW = /^\| `(?<name>[A-Z_]+)` \| (?<number>[\d,]+) \|/gm;

const CONSTANTS = {
  MAX_VALUE_DEPTH,
  MAX_VALUE_BYTES,
  MAX_TAGGED_CHARACTERS,
  MAX_OBJECT_EVENT_BYTES,
  MAX_OBJECT_COMPONENTS,
  MAX_EVENT_DEPTH,
  MAX_CONTENT_BYTES,
  MAX_BUNDLE_INFLATED_BYTES,
  MAX_BUNDLE_OBJECTS,
  MAX_BUNDLE_REGISTERS,
  BUNDLE_SLOTS,
  LAYER_SLOTS,
  MAX_BLOB_SOURCES,
  MAX_BLOB_SOURCE_CHARACTERS,
  TICKS_PER_MS,
  MAX_TIME_TICKS,
  MAX_CLAIMS_PER_ACTOR,
  MAX_ACTORS,
  QUARANTINE_LEAD_MS,
  MAX_CLOCK_LEAD_MS,
  MAX_DEPTH,
  MAX_COORDINATE_METRES,
  MAX_OBJECT_SCHEMA_STEPS,
  ABSENT_PROPERTY_STEPS,
};

it('the page of constants and the code name the same numbers', () => {
  const rows = [...specText('constants.md').matchAll(ROW)].map(({ groups = {} }) => groups);
  const written = rows.map(({ name, number = '' }) => [name, Number(number.replaceAll(',', ''))]);
  expect(written).toEqual(Object.entries(CONSTANTS));
  expect(MAX_QUARANTINED).toBe(16_384);
});
