export type { Account } from './accounts.ts';
export { DEMO_WORLD, findLocalSession, type LocalSession } from './local-stack.ts';
export { DEFAULT_INSTANCE, type InstancePaths, instancePaths, SYNAPSE_VERSION } from './paths.ts';
export type { OnProgress, Progress } from './progress.ts';
export { type Stack, type StackOptions, startStack } from './stack.ts';
export { StackError, type StackErrorCode } from './stack-error.ts';
export type { RateLimits } from './synapse-config.ts';
export { rememberWorld } from './worlds-file.ts';
