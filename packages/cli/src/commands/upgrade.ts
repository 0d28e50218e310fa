import { defineCommand } from '../command.ts';
import { EXIT } from '../failure.ts';
import { columns } from '../output.ts';
import { resolveLogin, resolveWorld, worldOptions } from '../session.ts';
import { rememberWorld } from '../stack/worlds-file.ts';

export const upgrade = defineCommand({
  name: 'upgrade',
  summary: 'move a world to a new room, without its past',
  description:
    'Makes a new room, writes what the world is now into it, and ends the old one: the only way to be rid of old state. Whoever made the world can do it. Objects keep their ids and authors; rules, declared components, people and their roles, bans and the names of the room go along, and those who are in the old room may enter the new one, to which their clients lead them. Objects that were deleted more than 90 days ago stay behind, and so does the past: "log" and "at" begin anew. If it is cut short, run it again: it goes on where it was. A large world takes as long as the homeserver wants for its writes.',
  examples: [
    { command: 'upgrade', does: 'Move the demo world of the local stack.' },
    { command: 'upgrade --world "#plaza:example.org" --json', does: 'Move a world, for a program.' },
  ],
  args: {},
  options: worldOptions,
  async run(context) {
    const { options, output, signal } = context;
    const login = await resolveLogin(options, context);
    const ref = resolveWorld(options, login, context);
    const { upgradeWorld } = await import('@weft/world');
    const { room, from } = await upgradeWorld(ref, {
      login: { homeserver: login.homeserver, token: login.token },
      signal,
      progress: (step) => output.note(`  ${STEPS[step]}`),
    });
    const [name] = Object.entries(login.worlds).find(([, known]) => known === from) ?? [];
    if (name !== undefined && login.worldsFile !== null) await rememberWorld(login.worldsFile, name, room);
    output.result(
      { room, from },
      columns([
        ['room', room],
        ['instead of', from],
      ]),
    );
    return EXIT.ok;
  },
});

const STEPS = {
  room: 'the new room',
  objects: 'its objects',
  bans: 'who is banned',
  names: 'its names',
  end: 'the end of the old room',
  late: 'what came in meanwhile',
} as const;
