import { AssetError } from '@weft/assets';
import type { Homeserver, RoomId } from '@weft/matrix';
import { isMxcUri, isRoomAlias, parseRoomReference } from '@weft/matrix';

/** A world of Third Room (MSC3815): a Matrix room whose state names one model. */
export interface ThirdRoomWorld {
  readonly room: RoomId;
  /** The room's name; empty where it has none. */
  readonly title: string;
  /** Where its one scene is, a GLB. */
  readonly sceneUrl: string;
}

const WORLD_EVENTS = ['org.matrix.msc3815.world', 'm.world'] as const;
const MAX_TITLE_CHARACTERS = 200;

export interface ReadThirdRoomOptions {
  /** Joins the room where it shows its state to members only. Default `false`. */
  readonly join?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Reads what a Third Room world says of itself, and writes nothing to its room.
 * @throws WeftError `invalid-id`; HomeserverError `forbidden` for a room that shows its state to members only, `not-found`
 * @throws AssetError `bad-reference` for a room that is no such world, or names its scene anywhere but at `mxc:`
 */
export async function readThirdRoom(
  homeserver: Pick<Homeserver, 'resolveAlias' | 'readStateEvent' | 'join'>,
  ref: string,
  { join = false, signal }: ReadThirdRoomOptions = {},
): Promise<ThirdRoomWorld> {
  const how = signal === undefined ? {} : { signal };
  const { room: named, via: given } = parseRoomReference(ref);
  const found = isRoomAlias(named) ? await homeserver.resolveAlias(named, how) : { room: named, via: given };
  const { room } = found;
  if (join) await homeserver.join(room, [...given, ...found.via], how);
  for (const type of WORLD_EVENTS) {
    const content = await homeserver.readStateEvent(room, type, '', how);
    if (content === null || Object.keys(content).length === 0) continue;
    const sceneUrl = content.scene_url;
    if (typeof sceneUrl !== 'string' || !isMxcUri(sceneUrl)) {
      throw noWorld(ref, 'a scene_url that is an mxc: address', JSON.stringify(sceneUrl) ?? 'none');
    }
    const name = (await homeserver.readStateEvent(room, 'm.room.name', '', how))?.name;
    const title = typeof name === 'string' ? [...name].slice(0, MAX_TITLE_CHARACTERS).join('') : '';
    return { room, title, sceneUrl };
  }
  throw noWorld(ref, `the state ${WORLD_EVENTS[0]}`, 'a room without it');
}

function noWorld(ref: string, expected: string, got: string): AssetError {
  return new AssetError('bad-reference', {
    what: `import the Third Room world ${ref}`,
    expected,
    got,
    hint: 'Only worlds that Third Room, or another program that follows MSC3815, has made can be imported so.',
  });
}
