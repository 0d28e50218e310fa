import { defineCommand } from '../command.ts';
import { EXIT } from '../failure.ts';
import { choice, optional, required, text } from '../options.ts';
import { columns } from '../output.ts';
import { loginOptions, resolveLogin, resolveWorld } from '../session.ts';
import { rememberWorld } from '../stack/worlds-file.ts';

export const clone = defineCommand({
  name: 'clone',
  summary: 'make a world of your own from another one',
  description:
    'Makes a new world with the scene, the rules and the declared components of another as they are now; you are its owner. Objects keep their ids and authors, so that "diff" compares the two, and "export" and "import" bring them together again. People, roles and the past stay behind, and models stay where they are. Whoever may look at a world may clone it.',
  examples: [
    { command: 'clone "#plaza:example.org" workshop', does: 'Try something out in a copy.' },
    {
      command: 'clone demo --title "Plaza, spring" --json',
      does: 'Copy a world of the local stack, without a name.',
    },
  ],
  args: {
    world: required('the world to copy, as --world of other commands takes it'),
    name: optional('the first part of the alias #name:server of the copy; no alias if left out'),
  },
  options: {
    ...loginOptions,
    title: text('title', 'what people read; that of the original if left out'),
    access: choice(['private', 'public'], 'private', 'who may enter the copy'),
  },
  async run(context) {
    const { args, options, output, signal } = context;
    const login = await resolveLogin(options, context);
    const ref = resolveWorld({ ...options, world: args.world }, login, context);
    const { cloneWorld } = await import('@weft/world');
    const { room, title, from } = await cloneWorld(ref, {
      login: { homeserver: login.homeserver, token: login.token },
      access: options.access,
      signal,
      ...(options.title === undefined ? {} : { title: options.title }),
      ...(args.name === undefined ? {} : { alias: args.name }),
    });
    if (login.worldsFile !== null) await rememberWorld(login.worldsFile, args.name ?? title, room);
    output.result(
      { room, title, from },
      columns([
        ['room', room],
        ['title', title],
      ]),
    );
    return EXIT.ok;
  },
});
