/** Something in a carrier that was skipped. The rest of the carrier counts. */
export interface IntakeProblem {
  /** Event type and state key: `world.weft.object/Kx81`. */
  readonly carrier: string;
  /** The component or `component.property` that was skipped; `null` for the whole carrier. */
  readonly path: string | null;
  readonly reason: string;
}

const MAX_QUOTED_CHARACTERS = 100;

/** A name from a room, cut for a message. */
export function quote(name: string): string {
  return name.length <= MAX_QUOTED_CHARACTERS ? name : `${name.slice(0, MAX_QUOTED_CHARACTERS - 1)}…`;
}
