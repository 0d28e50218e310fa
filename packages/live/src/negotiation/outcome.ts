/** How long to wait before another attempt. */
export type Pause =
  /** Doubles with each failure in a row. */
  | 'back-off'
  /** About as long as a relay takes to be started again. */
  | 'drain'
  /** Doubles with each look that found the same. */
  | 'less-often'
  /** Until what is only looked at now and then is looked at again. */
  | 'rarely';

/**
 * What an event leads to: another state, with a pause where that state waits; or nothing, where the event means nothing in
 * that state, be it that it came too late.
 */
export type Outcome<State extends string> = 'ignore' | { readonly to: State; readonly pause?: Pause };

/** Every event in every state: the compiler refuses a table with a hole. */
export type Table<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Record<Event, Outcome<State>>>>
>;
