import {
  canonicalJson,
  decodeObjectEvent,
  MAX_OBJECT_COMPONENTS,
  MAX_OBJECT_EVENT_BYTES,
  MAX_VALUE_BYTES,
  parseUserId,
  utf8Length,
} from '@weft/core';
import { type Json, type JsonRecord, plain } from '../json.ts';
import { patchJson } from './notation.ts';
import { times } from './random-patch.ts';
import type { VectorFile } from './vector-file.ts';

const SENDER = '@bob:b.org';
const AT_MS = 1_752_164_545_000;
/** Below the content, which is level 0. */
const MAX_EVENT_DEPTH = 512;
/** The component and its property stand above a value. */
const LEVELS_ABOVE_A_VALUE = 2;
const QUOTES_BYTES = 2;

export function boundsOfEvents(): VectorFile {
  return {
    kind: 'object-events',
    description: 'Object events at each bound and one past it. Generated.',
    cases: [
      read('a value of 4,096 bytes', 'at the bound', { 'a:b': { v: textOf(MAX_VALUE_BYTES), x: 1 } }),
      read('a value of 4,097 bytes', 'dropped alone', { 'a:b': { v: textOf(MAX_VALUE_BYTES + 1), x: 1 } }),
      read('4,096 bytes of characters of two', 'bytes count, not characters', {
        'a:b': { v: 'é'.repeat((MAX_VALUE_BYTES - QUOTES_BYTES) / 2), x: 1 },
      }),
      read('4,098 bytes of characters of two', 'bytes count, not characters', {
        'a:b': { v: 'é'.repeat(MAX_VALUE_BYTES / 2), x: 1 },
      }),
      read('4,096 bytes behind a tag', 'the value is measured, not its wire form', {
        'a:b': { v: `~["${'x'.repeat(MAX_VALUE_BYTES - 8)}",0.5000]`, x: 1 },
      }),
      read('8,192 bytes', 'at the bound', eventOf(MAX_OBJECT_EVENT_BYTES)),
      read('8,193 bytes', 'dropped whole', eventOf(MAX_OBJECT_EVENT_BYTES + 1)),
      read('64 components', 'at the bound', componentsOf(MAX_OBJECT_COMPONENTS)),
      read('65 components', 'dropped whole', componentsOf(MAX_OBJECT_COMPONENTS + 1)),
      read('64 components and w', 'w is none of them', {
        ...componentsOf(MAX_OBJECT_COMPONENTS),
        w: { later: 1 },
      }),
      read('512 levels', 'the value is too deep and dropped alone', deepEvent(MAX_EVENT_DEPTH)),
      read('513 levels', 'the event is too deep and dropped whole', deepEvent(MAX_EVENT_DEPTH + 1)),
    ],
  };
}

function read(name: string, why: string, content: JsonRecord) {
  const decoded = decodeObjectEvent({
    stateKey: 'obj',
    content,
    sender: parseUserId(SENDER),
    originServerTs: AT_MS,
  });
  return {
    name,
    why,
    event: { content, sender: SENDER, originServerTs: AT_MS },
    patch: patchJson(decoded.patch),
    handWritten: decoded.handWritten,
    problems: decoded.problems.map(({ path }) => path),
    extra: plain(decoded.extra),
  };
}

function textOf(bytes: number): string {
  return 'x'.repeat(bytes - QUOTES_BYTES);
}

function eventOf(bytes: number): JsonRecord {
  const content = (length: number) => ({ 'a:b': { v: textOf(MAX_VALUE_BYTES), w: 'y'.repeat(length) } });
  return content(bytes - utf8Length(canonicalJson(content(0))));
}

function componentsOf(count: number): JsonRecord {
  return Object.fromEntries(times(count, (at) => [`a:b${at}`, { v: at }]));
}

function deepEvent(levels: number): JsonRecord {
  let value: Json = 0;
  for (let level = LEVELS_ABOVE_A_VALUE; level < levels; level += 1) value = [value];
  return { 'a:b': { deep: value, x: 1 } };
}
