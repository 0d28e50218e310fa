import { type ComponentMap, type ComponentPatchMap, validateComponent } from '@weft/core';
import { recordOf } from './own-extras.ts';

/** Extensions of the Open Metaverse Interoperability Group that say what components of worlds say. */
export const OMI_LINK = 'OMI_link';
export const OMI_SPAWN_POINT = 'OMI_spawn_point';
/** What Third Room wrote before them. */
const MX_PORTAL = 'MX_portal';
const MX_SPAWN_POINT = 'MX_spawn_point';

/** The extensions that are read as components, and are not kept as foreign data. */
export const UNDERSTOOD: ReadonlySet<string> = new Set([
  OMI_LINK,
  OMI_SPAWN_POINT,
  MX_PORTAL,
  MX_SPAWN_POINT,
]);

type Understood = Pick<ComponentPatchMap, 'link' | 'portal' | 'spawn'>;
type OmiExtensions = Record<string, Record<string, string>>;

/** What the extensions of a node mean in a world. What is none of ours to follow (a place within a page) is left out. */
export function readOmi(extensions: unknown): Partial<Understood> {
  const all = recordOf(extensions) ?? {};
  const link = recordOf(all[OMI_LINK]) ?? recordOf(all[MX_PORTAL]);
  const spawn = recordOf(all[OMI_SPAWN_POINT]) ?? recordOf(all[MX_SPAWN_POINT]);
  const name = textOf(spawn?.title);
  return {
    ...readLink(textOf(link?.uri), textOf(link?.title)),
    ...(spawn === null ? {} : { spawn: { name, ...(name === '' ? { default: true } : {}) } }),
  };
}

function readLink(uri: string, label: string): Partial<Understood> {
  const labelled = label === '' ? {} : { label };
  const room = readRoomLink(uri);
  if (room !== null) return { portal: { ...room, ...labelled } };
  return validateComponent('link', 'href', uri) === null ? { link: { href: uri, ...labelled } } : {};
}

/** The Matrix URI scheme, as far as it names rooms: `matrix:r/alias:server`, `matrix:roomid/id?via=server`. */
const ROOM_LINK = /^matrix:(r|roomid)\/([^?#\s]+)(?:\?([^#\s]*))?(?:#(\S+))?$/;
const MAX_VIA = 5;

function readRoomLink(uri: string): ComponentPatchMap['portal'] | null {
  const [, kind, name, query = '', spawn] = ROOM_LINK.exec(uri) ?? [];
  const decoded = name === undefined ? null : decode(name);
  if (decoded === null) return null;
  const room = `${kind === 'r' ? '#' : '!'}${decoded}`;
  if (validateComponent('portal', 'room', room) !== null) return null;
  const via = new URLSearchParams(query).getAll('via').slice(0, MAX_VIA);
  const hasVia = via.length > 0 && validateComponent('portal', 'via', via) === null;
  const place = spawn === undefined ? null : decode(spawn);
  return { room, ...(hasVia ? { via } : {}), ...(place === null ? {} : { spawn: place }) };
}

type WrittenByOmi = { readonly [Name in 'link' | 'portal' | 'spawn']?: ComponentMap[Name] | undefined };

/** What components say, in the words of OMI. */
export function writeOmi({ link, portal, spawn }: WrittenByOmi): OmiExtensions {
  const extensions: OmiExtensions = {};
  if (link?.href !== undefined) extensions[OMI_LINK] = linkOf(link.href, link.label);
  if (portal?.room !== undefined)
    extensions[OMI_LINK] = linkOf(roomLink({ ...portal, room: portal.room }), portal.label);
  if (spawn !== undefined) extensions[OMI_SPAWN_POINT] = spawn.name === '' ? {} : { title: spawn.name };
  return extensions;
}

function linkOf(uri: string, label: string | undefined): Record<string, string> {
  return label === undefined || label === '' ? { uri } : { uri, title: label };
}

function roomLink({ room, via = [], spawn }: ComponentMap['portal'] & { readonly room: string }): string {
  const kind = room.startsWith('#') ? 'r' : 'roomid';
  const query = via.map((server) => `via=${encodeURIComponent(server)}`).join('&');
  const place = spawn === undefined || spawn === '' ? '' : `#${encodeURIComponent(spawn)}`;
  return `matrix:${kind}/${encodeURIComponent(room.slice(1))}${query === '' ? '' : `?${query}`}${place}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 2_000) : '';
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
