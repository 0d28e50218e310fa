import Type, { type Static } from 'typebox';
import { readJson, writeJson } from './json-file.ts';

const Worlds = Type.Record(Type.String(), Type.String({ pattern: '^!' }));

/** Room ids of the worlds of one instance, by the name they were made under. */
export type Worlds = Static<typeof Worlds>;

export async function readWorlds(file: string): Promise<Worlds> {
  return (await readJson(file, Worlds)) ?? {};
}

/** Remembers a world, in place of an earlier one of the same name. */
export async function rememberWorld(file: string, name: string, room: string): Promise<void> {
  await writeJson(file, { ...(await readWorlds(file)), [name]: room });
}
