import type { ObjectId } from '../ids.ts';
import { componentOf, pathOf, propertyOf } from '../ids.ts';
import type { Scene } from '../scene/scene.ts';
import type { SceneObject } from '../scene/scene-object.ts';
import type { Value } from '../value/value.ts';

/** How a query was answered. */
export interface QueryPlan {
  /** Where the search began: an index, or `all objects`. */
  readonly index: string;
  /** How many objects that index was said to have. */
  readonly candidates: number;
  /** How many were looked at. */
  readonly scanned: number;
  /** What was tested of each. */
  readonly tests: readonly string[];
  /** `id`, `distance`, or the paths of `sort`. */
  readonly order: readonly string[];
  /** What it cost, of what it might: see `MAX_QUERY_COST`. */
  readonly cost: number;
  readonly maxCost: number;
  /** Where a place was asked for: how many of the objects found count as points, since nothing says how large they are. */
  readonly points: number | null;
}

/** `{ id, component: { property: value } }` with the fields that were asked for. */
export type QueryRow = Readonly<Record<string, Value>>;

export interface QueryAnswer {
  readonly ids: readonly ObjectId[];
  readonly count: number | null;
  readonly next: string | null;
  readonly fields: readonly string[] | null;
  readonly explain: () => QueryPlan;
}

/** The page that a query asked for. */
export class QueryResult {
  /** The objects found, in order. */
  readonly ids: readonly ObjectId[];
  /**
   * How many match in all, on this page and others; at most `k` with `nearest`. `null` where the search ended with a
   * full page: `count: true` counts them all.
   */
  readonly count: number | null;
  /** Give it as `after` for the page behind this one; `null` on the last. */
  readonly next: string | null;
  readonly #scene: Scene;
  readonly #answer: QueryAnswer;
  #objects: readonly SceneObject[] | null = null;
  #rows: readonly QueryRow[] | null = null;

  constructor(scene: Scene, answer: QueryAnswer) {
    this.ids = answer.ids;
    this.count = answer.count;
    this.next = answer.next;
    this.#scene = scene;
    this.#answer = answer;
  }

  /** The objects whole, made when first asked for: ask before the world changes. */
  get objects(): readonly SceneObject[] {
    this.#objects ??= Object.freeze(
      this.ids.map((id) => this.#scene.get(id)).filter((object) => object !== undefined),
    );
    return this.#objects;
  }

  /** The `fields` of each object as written; empty where none were asked for. Made when first asked for. */
  get rows(): readonly QueryRow[] {
    const { fields } = this.#answer;
    if (fields === null) return [];
    this.#rows ??= Object.freeze(this.objects.map((object) => rowOf(object, fields)));
    return this.#rows;
  }

  explain(): QueryPlan {
    return this.#answer.explain();
  }
}

function rowOf(object: SceneObject, fields: readonly string[]): QueryRow {
  const row: Record<string, Value> = Object.create(null);
  row.id = object.id;
  const parts = new Map<string, Record<string, Value>>();
  const put = (component: string, property: string, value: Value | undefined) => {
    if (value === undefined) return;
    const held: Record<string, Value> = parts.get(component) ?? Object.create(null);
    held[property] = value;
    parts.set(component, held);
  };
  for (const field of fields) {
    const path = field.includes('.') ? pathOf(...halves(field)) : undefined;
    if (path !== undefined) put(componentOf(path), propertyOf(path), object.get(path));
    else for (const [name, value] of Object.entries(object.component(field) ?? {})) put(field, name, value);
  }
  for (const [component, held] of parts) row[component] = Object.freeze(held);
  return Object.freeze(row);
}

function halves(field: string): [string, string] {
  const dot = field.indexOf('.');
  return [field.slice(0, dot), field.slice(dot + 1)];
}
