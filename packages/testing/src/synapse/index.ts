export type { Account, Stack } from '@weft/cli/stack';
export { serveFixtures } from './fixture-server.ts';
export { FIXTURE_SERVER_VARIABLE, show as showProgress } from './global-setup.ts';
export { type SharedSynapse, synapse } from './shared-synapse.ts';
export { startTestStack, type TestStack, type TestStackOptions } from './test-stack.ts';
