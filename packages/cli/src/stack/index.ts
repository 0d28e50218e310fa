export { type Account, type AccountKind, Accounts, type AccountsInput } from './accounts.ts';
export { furnishPlaza } from './demo-world.ts';
export { EXIT_LOCKED, type GuardedCommand, type GuardedProcess } from './guarded-process.ts';
export { type GuardedProgram, startGuardedProgram } from './guarded-program.ts';
export { type InstallOptions, installSynapse } from './install-synapse.ts';
export { type LocalRelay, type LocalRelayOptions, startLocalRelay } from './local-relay.ts';
export { DEMO_WORLD, findLocalSession, type LocalSession } from './local-stack.ts';
export { answerPage } from './pages/answer-page.ts';
export { builtPages, type PagesToBuild } from './pages/built-pages.ts';
export { serveLoopback } from './pages/serve-loopback.ts';
export {
  DEFAULT_INSTANCE,
  type InstancePaths,
  instancePaths,
  STUDIO_ROOT,
  SYNAPSE_VERSION,
} from './paths.ts';
export { findFreePort } from './ports.ts';
export type { OnProgress, Progress } from './progress.ts';
export { findPython } from './python.ts';
export type { PageSession } from './session-route.ts';
export { type Stack, type StackOptions, startStack } from './stack.ts';
export { StackError, type StackErrorCode } from './stack-error.ts';
export { type Studio, type StudioOptions, serveStudio } from './studio-server.ts';
export type { FederationConfig, FederationRetries, RateLimits } from './synapse-config.ts';
export { type AwaitedHomeserver, untilAnswers } from './until-answers.ts';
export { rememberWorld } from './worlds-file.ts';
