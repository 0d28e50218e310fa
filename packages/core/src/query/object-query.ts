import type { Point } from '../scene/box.ts';
import type { Value } from '../value/value.ts';

/** Compares what a property holds. Where it holds a list, one item that fits is enough. */
export interface FilterOperators {
  readonly $eq?: Value;
  readonly $ne?: Value;
  /** Numbers by size, text by its UTF-8 bytes; never one type with another. */
  readonly $gt?: string | number;
  readonly $gte?: string | number;
  readonly $lt?: string | number;
  readonly $lte?: string | number;
  readonly $in?: readonly Value[];
  readonly $nin?: readonly Value[];
  readonly $exists?: boolean;
  /** The number of items in a list. */
  readonly $size?: number;
  /** A list that holds all of these. */
  readonly $all?: readonly Value[];
  /** One item that fits all of it: operators, or a filter over the members of a record. */
  readonly $elemMatch?: Readonly<Record<string, unknown>>;
  /** Text that starts with this, exactly. */
  readonly $prefix?: string;
  /** Text that holds this, exactly. */
  readonly $contains?: string;
  readonly $not?: FilterOperators;
}

/**
 * A filter over properties as written: `component.property`, or further into the value, with a value to equal or
 * operators; and `$and`, `$or`, `$nor` with lists of filters.
 */
export type Filter = Readonly<Record<string, unknown>>;

/** A part of the world. Objects count by the box round them, as points where nothing says how large they are. */
export type Within =
  | { readonly sphere: { readonly center: Point; readonly radius: number } }
  | { readonly box: { readonly min: Point; readonly max: Point } }
  | {
      /** Six half spaces `a x + b y + c z + d >= 0`, or projection × view, column-major, with a depth of -1 to 1. */
      readonly frustum:
        | { readonly planes: readonly (readonly [number, number, number, number])[] }
        | { readonly matrix: readonly number[] };
    }
  | {
      readonly ray: {
        readonly origin: Point;
        readonly direction: Point;
        /** Metres; default: no end. */
        readonly maxDistance?: number;
        /** Only the nearest hit. */
        readonly first?: boolean;
      };
    };

/** What to look for: objects that match everything given. */
export interface ObjectQuery {
  /** A CSS selector: kinds are elements, `#id`, `.tag`, `[component|property=value]`. At most 1024 characters. */
  readonly select?: string;
  /** `node.kind` is exactly this. */
  readonly kind?: string;
  /** `node.name` is exactly this. */
  readonly name?: string;
  /** `node.tags` holds this. */
  readonly tag?: string;
  /** Hangs directly from this object, or from `root`. */
  readonly parent?: string;
  /** Hangs somewhere below this object. */
  readonly descendantsOf?: string;
  /** Holds a property of this component. */
  readonly component?: string;
  readonly where?: Filter;
  /** All of these words occur in its name or its texts, whatever their case and accents. */
  readonly text?: string;
  readonly within?: Within;
  /** The `k` that are nearest to a point, nearest first. */
  readonly nearest?: { readonly to: Point; readonly k: number };
  /** Up to four paths, the first decides first: 1 ascending, -1 descending. Ties by id. Default: by id. */
  readonly sort?: Readonly<Record<string, 1 | -1>>;
  /** At most so many: 1 to 100,000. Default: all. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
  /** `component` or `component.property`: also gives `rows` with these as written. */
  readonly fields?: readonly string[];
  /** Only the number of objects that match. */
  readonly count?: boolean;
}
