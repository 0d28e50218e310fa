import { resolve } from 'node:path';
import type { CreateWorldOptions, World } from '@weft/world';
import { type Context, defineCommand } from '../command.ts';
import { EXIT, UsageError } from '../failure.ts';
import { choice, optional, text, texts } from '../options.ts';
import { columns, type Json } from '../output.ts';
import { readBytes } from '../read-file.ts';
import { loginOptions, resolveLogin } from '../session.ts';
import { findLocalSession } from '../stack/local-stack.ts';
import { rememberWorld } from '../stack/worlds-file.ts';

/** The power level of a builder; see the table of roles in the protocol. */
const BUILDER_LEVEL = 25;

export const newWorld = defineCommand({
  name: 'new',
  summary: 'make a world',
  description:
    'Makes a Matrix room that is a world and prints its room id and link; you are its owner. Private worlds are entered by invitation, public ones by anybody. Those you --invite come as visitors, who look; those named with --builder may also build. With --from it holds what "export" wrote to a file: the same objects under their ids and authors, deleted ones included, and the same rules and declared components; people, roles and the past are in no file. One that was cut short is gone on with when you run the same again; once somebody has changed it, that makes another one. On the local stack the name is remembered: --world <name> finds it.',
  examples: [
    { command: 'new workshop --title "The workshop"', does: 'Make a private world.' },
    {
      command: 'new plaza2 --access public --builder @ann:example.org',
      does: 'Make a public one with a builder.',
    },
    { command: 'new plaza3 --from plaza.weft', does: 'Bring a world back from its backup.' },
    { command: 'new test --invite visitor', does: 'Invite an account of the local stack.' },
  ],
  args: { name: optional('the first part of its alias #name:server; no alias if left out') },
  options: {
    ...loginOptions,
    title: text('title', 'what people read; that of the file, or the name, if left out'),
    from: text('file', 'a .weft or .json file that the world is to hold'),
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
    const asked = {
      login: { homeserver: login.homeserver, token: login.token },
      access: options.access,
      invite: [...new Set([...invited, ...builders])],
      levels: Object.fromEntries(builders.map((user) => [user, BUILDER_LEVEL])),
      signal: context.signal,
      ...(args.name === undefined ? {} : { alias: args.name }),
    };
    const { world, facts } = await makeWorld(asked, args.name, context);
    const { room, title, link } = world;
    await world.close();
    if (login.worldsFile !== null) await rememberWorld(login.worldsFile, args.name ?? title, room);
    output.result(
      { room, title, link, ...facts },
      columns([
        ['room', room],
        ['title', title],
        ['link', link],
      ]),
    );
    return EXIT.ok;
  },
});

/** An empty world, or that of a file, with what is to be told of it. */
async function makeWorld(
  asked: Omit<CreateWorldOptions, 'title'>,
  name: string | undefined,
  {
    options,
    output,
    directory,
  }: Context<{ readonly title?: string | undefined; readonly from?: string | undefined }, unknown>,
): Promise<{ readonly world: World; readonly facts: { readonly [name: string]: Json } }> {
  const { createWorld, createWorldFrom } = await import('@weft/world');
  const { title, from } = options;
  if (from === undefined) {
    const world = await createWorld({ ...asked, title: title ?? name ?? 'A world', lanes: ['matrix'] });
    return { world, facts: {} };
  }
  const path = resolve(directory, from);
  const bytes = await readBytes(path);
  const made = await createWorldFrom(bytes, {
    ...asked,
    lanes: ['matrix'],
    ...(title === undefined ? {} : { title }),
  });
  const { world, problems, continued } = made;
  if (continued) output.note('Went on with the world that was made from this file before.');
  for (const { carrier, reason } of problems) output.note(`Left out: ${carrier}: ${reason}`);
  const facts = {
    from: path,
    continued,
    objects: [...world.ids()].length,
    hash: world.hash(),
    problems: problems.map((problem) => ({ ...problem })),
  };
  return { world, facts };
}

async function userIdOf(name: string, weftDirectory: string): Promise<string> {
  if (name.startsWith('@')) return name;
  const local = await findLocalSession(weftDirectory, { account: name });
  if (local !== null) return local.userId;
  throw new UsageError(`${JSON.stringify(name)} is no Matrix user: write @name:server.`);
}
