/** One line of the table: what was measured, Weft's figures, and those beside it. */
export interface Row {
  readonly what: string;
  readonly weft: string;
  readonly beside: string;
}
