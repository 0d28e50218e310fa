import type { Value } from '@weft/core';

export interface RequestOptions {
  readonly signal?: AbortSignal;
}

export interface StateContent {
  readonly type: string;
  readonly stateKey: string;
  readonly content: { readonly [name: string]: Value };
}

/** A message event of any type. */
export interface MessageContent {
  readonly type: string;
  readonly content: { readonly [name: string]: Value };
}
