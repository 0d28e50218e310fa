import { componentOf, type Path, parsePath, propertyOf } from '../ids.ts';
import { MAX_DOCUMENT_SLOTS, MAX_SLOT_PARTS } from './limits.ts';

const COMPONENT = 'document';
const SLOT_PROPERTY = /^s(0|[1-9]\d?)_(0|[1-9]\d?)$/;

/** Where a part of a contribution is. */
export interface SlotPlace {
  /** From 0 to 31. */
  readonly slot: number;
  /** From 0 to 47. */
  readonly part: number;
}

/** `document.epoch`: which contributions count. */
export const EPOCH_PATH = parsePath('document.epoch');

/** `document.s<slot>_<part>` */
export function slotPath({ slot, part }: SlotPlace): Path {
  return parsePath(`${COMPONENT}.s${slot}_${part}`);
}

/** Which part of which contribution a register holds; `null` where it holds none. */
export function slotPlaceOf(path: Path): SlotPlace | null {
  return componentOf(path) === COMPONENT ? slotPlaceOfProperty(propertyOf(path)) : null;
}

/** The same for the name of a property of `document`. */
export function slotPlaceOfProperty(property: string): SlotPlace | null {
  const match = SLOT_PROPERTY.exec(property);
  if (match === null) return null;
  const place = { slot: Number(match[1]), part: Number(match[2]) };
  return place.slot < MAX_DOCUMENT_SLOTS && place.part < MAX_SLOT_PARTS ? place : null;
}
