/** Where a room tells its operator what happened: fields first, as pino takes them. Never told of a user's content. */
export interface LaneLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}
