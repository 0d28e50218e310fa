import type { ObjectQuery } from '@weft/core';
import type { SeededRandom } from '@weft/testing';
import type { Row } from './world.ts';

const KINDS = ['street', 'sign', 'house', 'door', 'lamp', 'tree'];
const TAGS = ['home', 'shop', 'office'];
const RADIUS_METRES = 15;
const PAGE = 100;

/** One question in three ways: to Weft, to mingo over plain objects, and as a plain loop would ask each of them. */
export interface Question {
  readonly query: ObjectQuery;
  /** `null` where mingo has no words for it. */
  readonly filter: Record<string, unknown> | null;
  readonly matches: (row: Row) => boolean;
}

export const QUESTIONS: Readonly<Record<string, (random: SeededRandom, rows: readonly Row[]) => Question>> = {
  kind: (random) => {
    const kind = random.pick(KINDS);
    return {
      query: { kind, limit: PAGE },
      filter: { 'node.kind': kind },
      matches: (row) => memberOf(row.node, 'kind') === kind,
    };
  },
  name: (random, rows) => {
    const name = memberOf(random.pick(rows).node, 'name');
    return {
      query: { name: String(name), limit: PAGE },
      filter: { 'node.name': name },
      matches: (row) => memberOf(row.node, 'name') === name,
    };
  },
  tag: (random) => {
    const tag = random.pick(TAGS);
    return {
      query: { tag, limit: PAGE },
      filter: { 'node.tags': tag },
      matches: (row) => {
        const tags = memberOf(row.node, 'tags');
        return Array.isArray(tags) && tags.includes(tag);
      },
    };
  },
  radius: (random, rows) => {
    const [x, y, z] = random.pick(rows).box;
    return {
      query: { within: { sphere: { center: [x, y, z], radius: RADIUS_METRES } }, limit: PAGE },
      filter: null,
      matches: ({ box }) => {
        const dx = Math.max(box[0] - x, 0, x - box[3]);
        const dy = Math.max(box[1] - y, 0, y - box[4]);
        const dz = Math.max(box[2] - z, 0, z - box[5]);
        return dx * dx + dy * dy + dz * dz <= RADIUS_METRES ** 2;
      },
    };
  },
};

export function firstPage(ids: readonly string[]): readonly string[] {
  return ids.toSorted((a, b) => (a < b ? -1 : 1)).slice(0, PAGE);
}

function memberOf(component: unknown, name: string): unknown {
  return typeof component === 'object' && component !== null ? Reflect.get(component, name) : undefined;
}
