import { defineCommand } from '../command.ts';
import { EXIT, UsageError } from '../failure.ts';
import { choice, optional, text, texts } from '../options.ts';
import { columns } from '../output.ts';
import { loginOptions, resolveLogin } from '../session.ts';
import { findLocalSession } from '../stack/local-stack.ts';
import { rememberWorld } from '../stack/worlds-file.ts';

/** The power level of a builder; see the table of roles in the protocol. */
const BUILDER_LEVEL = 25;

export const newWorld = defineCommand({
  name: 'new',
  summary: 'make a world',
  description:
    'Makes a Matrix room that is a world and prints its room id and link; you are its owner. Private worlds are entered by invitation, public ones by anybody. Those you --invite come as visitors, who look; those named with --builder may also build. On the local stack the name is remembered: --world <name> finds it.',
  examples: [
    { command: 'new workshop --title "The workshop"', does: 'Make a private world.' },
    {
      command: 'new plaza2 --access public --builder @ann:example.org',
      does: 'Make a public one with a builder.',
    },
    { command: 'new test --invite visitor', does: 'Invite an account of the local stack.' },
  ],
  args: { name: optional('the first part of its alias #name:server; no alias if left out') },
  options: {
    ...loginOptions,
    title: text('title', 'what people read; the name if left out'),
    access: choice(['private', 'public'], 'private', 'who may enter'),
    invite: texts('user', 'invite @user:server, or an account of the local stack; may be repeated'),
    builder: texts('user', 'invite as a builder; may be repeated'),
  },
  async run(context) {
    const { args, options, output } = context;
    const login = await resolveLogin(options, context);
    const userOf = (name: string) => userIdOf(name, context.weftDirectory);
    const builders = await Promise.all(options.builder.map(userOf));
    const invited = await Promise.all(options.invite.map(userOf));
    const { createWorld } = await import('@weft/world');
    const world = await createWorld({
      login: { homeserver: login.homeserver, token: login.token },
      title: options.title ?? args.name ?? 'A world',
      access: options.access,
      invite: [...new Set([...invited, ...builders])],
      levels: Object.fromEntries(builders.map((user) => [user, BUILDER_LEVEL])),
      signal: context.signal,
      ...(args.name === undefined ? {} : { alias: args.name }),
    });
    const { room, title, link } = world;
    await world.close();
    if (login.worldsFile !== null) await rememberWorld(login.worldsFile, args.name ?? title, room);
    output.result(
      { room, title, link },
      columns([
        ['room', room],
        ['title', title],
        ['link', link],
      ]),
    );
    return EXIT.ok;
  },
});

async function userIdOf(name: string, weftDirectory: string): Promise<string> {
  if (name.startsWith('@')) return name;
  const local = await findLocalSession(weftDirectory, { account: name });
  if (local !== null) return local.userId;
  throw new UsageError(`${JSON.stringify(name)} is no Matrix user: write @name:server.`);
}
