import type { Logger } from 'matrix-js-sdk/lib/logger.js';

/** A library does not print: what matters reaches the caller as an error or a connection state. */
export const silentLogger: Logger = {
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  getChild: () => silentLogger,
};

function ignore(): void {}
