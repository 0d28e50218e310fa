/** Bits of an age in milliseconds; the greatest means that it is that old, or older. */
export const FLOW_AGE_BITS = 11;
export const MAX_FLOW_AGE_MS = 2 ** FLOW_AGE_BITS - 1;
/** Bits of the time from one pose to the next. */
export const FLOW_STEP_BITS = 9;
/** How much that differs from the step before: bits after the ones, and how many ones mean that an age stands there. */
export const STEP_SHIFT = 1;
export const MOST_STEP_ONES = 3;
/** Bits of that age, in milliseconds; the greatest means that one of the forms below follows, in two bits. */
export const SHORT_AGE_BITS = 6;
export const LONG_FORM = 2 ** SHORT_AGE_BITS - 1;
/** The time from one pose to the next stands there; or it stayed where it was, and its age stands there; or it is told anew. */
export const FORMS = { step: 0, stayed: 1, anew: 2 } as const;
/** What is usual is said in one bit: coordinates in this shift, and components, if at all. */
export const USUAL_SHIFT = 0;
/** Bits after the ones of what a coordinate or component differs from what was guessed, by the two bits before all of a part. */
export const MOVED_SHIFTS = [0, 2, 5] as const;
export const TURNED_SHIFTS = [0, 2] as const;
/** Ones that are too many there. */
export const MOST_ONES = 16;
/** What stands before a rotation that is told whole. */
export const FLOW_WHOLE_ROTATION = 3;
/** Handles have at most so many bits. */
export const HANDLE_BITS = 28;
