import { defineCommand } from '../command.ts';
import { EXIT } from '../failure.ts';
import { stopRunning } from '../stack/stop-running.ts';

export const down = defineCommand({
  name: 'down',
  summary: 'stop the local stack',
  description:
    'Stops the homeserver, the relay and the studio that "up" or "npm start" runs, from any other terminal. ' +
    'Worlds, users and media stay in .weft and are there at the next start. With nothing running it does nothing.',
  examples: [{ command: 'down', does: 'Stop what runs' }],
  args: {},
  options: {},
  async run({ weftDirectory, output }) {
    const stopped = await stopRunning(weftDirectory);
    output.result(
      stopped === null
        ? { stopped: false }
        : { stopped: true, pid: stopped.pid, homeserver: stopped.homeserver },
      stopped === null
        ? 'Nothing runs.'
        : `Stopped process ${stopped.pid}, its homeserver ${stopped.homeserver}${stopped.relay === undefined ? '' : ` and its relay ${stopped.relay}`}.`,
    );
    return EXIT.ok;
  },
});
