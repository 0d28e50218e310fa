import { EVENT_LEVEL, ROLE_LEVEL, worldPowerLevels } from '@weft/matrix';
import { isRecord, type Json, plain } from './json.ts';

const HEAD = `<!-- Written by \`npm run generate\` from packages/matrix/src/power-levels.ts. -->

# Power levels

The content of a new world's \`m.room.power_levels\` ([room.md](room.md#creating)). A room may change them later; the homeserver judges by what the room says, not by this page.
`;

/** The map that `createWorldRoom` sends, as a page. */
export function powerLevelsPage(): string {
  const [closed, open] = [plain(worldPowerLevels('private')), plain(worldPowerLevels('public'))];
  return `${HEAD}
${table(
  ['role', 'from level'],
  Object.entries(ROLE_LEVEL).map(([role, level]) => [role, `${level}`]),
)}

## Defaults

${table(['key', 'level'], defaultsOf(closed))}

\`users\` lists whoever is to have another level than \`users_default\`, and never a creator.

## Events

${table(['type', 'private world', 'public world'], eventsOf(closed, open))}

The two rows that differ hold what a user may write about themselves: in a public world anybody could fill the room's state with it, and nobody else can remove it.
`;
}

function defaultsOf(levels: Json): string[][] {
  if (!isRecord(levels)) return [];
  return Object.entries(levels).flatMap(([key, value]) => {
    if (typeof value === 'number') return [[`\`${key}\``, `${value}`]];
    if (key !== 'notifications' || !isRecord(value)) return [];
    return Object.entries(value).map(([name, level]) => [`\`${key}.${name}\``, JSON.stringify(level)]);
  });
}

function eventsOf(closed: Json, open: Json): string[][] {
  const [inPrivate, inPublic] = [eventLevels(closed), eventLevels(open)];
  const types = Object.keys(inPrivate).sort((a, b) => rank(a) - rank(b));
  return types.map((type) => [
    `\`${type}\``,
    JSON.stringify(inPrivate[type]),
    JSON.stringify(inPublic[type]),
  ]);
}

/** Ours first, then in the order of the code. */
function rank(type: string): number {
  return (type.startsWith('world.weft.') ? 0 : 1000) + Object.keys(EVENT_LEVEL).indexOf(type);
}

function eventLevels(levels: Json) {
  return isRecord(levels) && isRecord(levels.events) ? levels.events : {};
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
