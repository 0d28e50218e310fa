import type { RelayConfig } from '@weft/relay/config';
import { type Context, defineCommand, type ReadBy } from '../command.ts';
import { CommandError, EXIT, type ExitCode, UsageError } from '../failure.ts';
import { optional, text } from '../options.ts';
import { readableLogLine } from '../relay/log-line.ts';
import { readRelaySettings } from '../relay/relay-settings.ts';
import { drainRunning, findRunning, forgetRunning, noteRunning } from '../relay/running-relay.ts';
import { untilAborted } from '../until-aborted.ts';

/** Beyond the time that clients are given: closing sockets, committing, signing off. */
const ENDING_MS = 20_000;

const options = {
  config: text('file', 'the configuration, a JSON file (or WEFT_RELAY_CONFIG); docs/relay-configuration.md'),
  user: text('name', 'with "registration": the user that it is for (default: weft-relay)'),
};
const args = {
  action: optional(
    '"drain" sends everybody away from the one that runs, and ends it; "registration" writes one for a homeserver',
  ),
};
const DEFAULT_USER = 'weft-relay';
const LOCALPART = /^[a-z0-9._=/-]{1,200}$/;

type RelayContext = Context<ReadBy<typeof options>, ReadBy<typeof args>>;

export const relay = defineCommand({
  name: 'relay',
  summary: 'run a relay: the live lane of worlds, edits in milliseconds',
  description:
    'Matrix takes a tenth of a second and more from one client to another; a relay takes a millisecond or two. It is a Matrix user that is invited to worlds, follows who may do what there, gives tickets to whom the homeservers vouch for, and hands on what they write once its journal holds it. Give it a homeserver (WEFT_RELAY_HOMESERVER_URL or a file) and an access token (WEFT_RELAY_TOKEN); every setting is on the page of its configuration. /healthz, /readyz and /metrics tell how it is. It runs until Ctrl-C or SIGTERM, which drains it: clients are told, and go to another relay or on over Matrix. A second Ctrl-C ends it at once; what was acknowledged is in the journal.',
  examples: [
    { command: 'relay --config relay.json', does: 'Run one as a file says' },
    { command: 'relay --config relay.json --json', does: 'The same, its log as JSON for a collector' },
    { command: 'relay drain --config relay.json', does: 'End the one that runs, politely' },
    {
      command: 'relay registration > weft-relay.yaml',
      does: 'Make it an application service: for app_service_config_files of Synapse, and WEFT_RELAY_HOMESERVER_REGISTRATION_FILE',
    },
  ],
  args,
  options,
  async run(context) {
    const { action } = context.args;
    if (action !== undefined && action !== 'drain' && action !== 'registration')
      throw new UsageError(
        `"relay ${action}": expected "relay" to run one, "relay drain" to end it, or "relay registration".`,
      );
    if (action === 'registration') return register(context);
    const settings = await readRelaySettings(context.options.config, context);
    return action === 'drain' ? drain(settings.config, context) : serve(settings, context);
  },
});

/** For the homeserver and for the relay: both read the same file. */
async function register({ options: { user = DEFAULT_USER }, output }: RelayContext): Promise<ExitCode> {
  if (!LOCALPART.test(user))
    throw new UsageError(`"${user}": expected the name of a user in lower case, without @ and server.`);
  const { newRegistration } = await import('@weft/relay/config');
  const registration = newRegistration(user, (length) => crypto.getRandomValues(new Uint8Array(length)));
  output.result(registration, JSON.stringify(registration, null, 2));
  return EXIT.ok;
}

async function serve(
  { config, secrets }: Awaited<ReturnType<typeof readRelaySettings>>,
  { output, signal }: RelayContext,
): Promise<ExitCode> {
  const shown = secrets();
  const { startRelay } = await import('@weft/relay');
  const running = await startRelay({
    ...{ config, secrets: shown, signal },
    writeLog: (line) => output.line(JSON.parse(line), readableLogLine(line)),
  });
  const { directory } = config.journal;
  await noteRunning(directory, running.url);
  try {
    await untilAborted(signal);
    await running.drain();
  } finally {
    await running.close();
    await forgetRunning(directory);
  }
  return EXIT.ok;
}

async function drain({ journal, limits }: RelayConfig, { output }: RelayContext): Promise<ExitCode> {
  const running = await findRunning(journal.directory);
  if (running === null) {
    output.result({ drained: false }, 'No relay runs there.');
    return EXIT.ok;
  }
  output.note(`Draining ${running.url}: clients have ${limits.drainMs} ms to go elsewhere.`);
  if (!(await drainRunning(running, limits.drainMs + ENDING_MS)))
    throw new CommandError(
      'still-running',
      `Process ${running.pid} was asked to end and has not. Its log says why; kill -9 loses nothing that was acknowledged.`,
    );
  output.result({ drained: true, pid: running.pid, url: running.url }, `Ended ${running.url}.`);
  return EXIT.ok;
}
