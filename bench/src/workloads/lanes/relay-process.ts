// A relay as `weft relay` runs it, in a process of its own.
import { startRelay } from '@weft/relay';
import { readConfig } from '@weft/relay/config';
import { serveParent } from '../../process/serve-parent.ts';
import { JOB_VARIABLE } from '../../record/process-report.ts';

/** What the process is told. */
export interface RelayJob {
  readonly homeserver: string;
  readonly token: string;
  readonly directory: string;
}

const { homeserver, token, directory }: RelayJob = JSON.parse(process.env[JOB_VARIABLE] ?? 'null');
const config = readConfig(
  'the workload',
  {
    homeserver: { url: homeserver },
    server: { port: 0 },
    journal: { directory },
    log: { level: 'error' },
  },
  {},
);
const relay = await startRelay({
  config,
  secrets: { token, password: null, appservice: null, metricsToken: null },
  writeLog: (line) => process.stderr.write(line),
});
serveParent();
process.send?.({ url: relay.url, user: relay.userId });
