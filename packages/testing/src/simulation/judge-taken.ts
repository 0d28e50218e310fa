import { emptyPatch, type ObjectId, type Patch } from '@weft/core';
import type { EventId } from '@weft/matrix';
import type { TwinEvent } from '../homeserver/twin-event.ts';
import { CARRIER_TYPES } from './carrier-types.ts';
import { named, purgedIn } from './compare.ts';
import { deviceContents, type OnDevice } from './device-contents.ts';
import type { Written } from './ledger.ts';
import { lostRightMs } from './rights.ts';
import type { SimClient } from './sim-client.ts';
import type { SimWorld } from './sim-world.ts';
import { blobOf, saidBy, type Union } from './union.ts';

/** What the judge knows of a world that came to rest. */
export interface Known extends Union {
  /** What somebody who comes only now reads. */
  readonly truth: Patch;
  /** Objects of which the room lost something that nobody was there to write again. */
  readonly orphans: ReadonlySet<ObjectId>;
}

/** What was purged, or written without the right, is in no replica and no carrier that somebody here could write anew. */
export async function judgeTaken(world: SimWorld, late: readonly SimClient[], known: Known): Promise<void> {
  world.counts.unentitled += known.withoutRight.size;
  for (const client of [...late, ...world.everybody]) {
    const { session, replica } = client.process ?? {};
    if (session == null || replica === undefined || session.standing.membership !== 'join') continue;
    tellOfUnentitled(world, `${client.name} on ${client.server.name}`, replica.toPatch(), known);
  }
  for (const { server, process } of late)
    if (known.unreadableAt.has(server.name) && process?.session?.incomplete.length === 0)
      world.violations.push(`who comes late on ${server.name} does not say that something cannot be read`);
  await judgeCarriers(world, known);
}

/** Who is there, and may write, has taken what was purged out of own carriers, and their files. */
async function judgeCarriers(world: SimWorld, { truth }: Known): Promise<void> {
  const present = world.clients.filter(({ process }) => process?.session?.standing.readOnly === null);
  const [server] = world.servers;
  if (server === undefined) return;
  const room = world.roomAt(server);
  for (const event of room.state) {
    const own = present.filter(({ userId }) => userId === event.sender);
    if (!CARRIER_TYPES.includes(event.type) || own.length === 0) continue;
    // Who was made less than a steward cannot write their layers anew.
    if (lostRightMs(room, event.sender, event.type) < Number.POSITIVE_INFINITY) continue;
    const purged = purgedIn(truth, await wholeOf(world, event, own));
    if (purged.length > 0)
      world.violations.push(
        `${event.sender} still carries what was purged, in ${event.type} ${event.state_key} (${event.event_id}): ${named(purged, { truth })}`,
      );
  }
}

/** @param own the clients of its sender */
async function wholeOf(world: SimWorld, event: TwinEvent, own: readonly SimClient[]): Promise<Patch> {
  const said = saidBy(event);
  if (said === null) throw new TypeError(`${event.type} is no carrier`);
  if (said.blob === null) return said.patch;
  const { patch, missingAt } = await blobOf(world, event.type, said.blob);
  const carrier = `${event.type}/${event.state_key}`;
  // Nobody may write anew what they cannot read: of a file that is lost to its sender, too, nothing can be taken out.
  const isLost = own.every(
    ({ server, process }) =>
      missingAt.includes(server.name) &&
      process?.session?.incomplete.some((unread) => unread.carrier === carrier) === true,
  );
  return isLost ? emptyPatch : patch;
}

/**
 * What was purged, or written without the right, is on no device whose user is in the room; but for what the
 * room itself still shows. All clients are closed by now.
 */
export async function judgeDevices(world: SimWorld, known: Known): Promise<void> {
  for (const { name, server, disk, userId } of world.clients) {
    const room = world.roomAt(server);
    if (disk === null || room.membership(userId) !== 'join') continue;
    const shown = new Set(room.state.map(({ event_id: id }) => id));
    const files = new Set(room.state.flatMap(fileOf));
    const place = `the device of ${name}`;
    for (const one of await deviceContents(disk)) {
      if (isShown(one, shown, files)) continue;
      if (one.event !== null && known.withoutRight.has(one.event) && saysSomething(one.patch))
        world.violations.push(
          `${place} keeps the event ${one.event}, which was sent without the right, in ${one.record}`,
        );
      const purged = purgedIn(known.truth, one.patch);
      if (purged.length > 0)
        world.violations.push(
          `${place} keeps what was purged in ${one.record}: ${named(purged, { truth: known.truth, kept: one.patch })}`,
        );
      tellOfUnentitled(world, place, one.patch, known);
    }
  }
}

function isShown(
  { event, record }: OnDevice,
  shown: ReadonlySet<EventId>,
  files: ReadonlySet<string>,
): boolean {
  return event === null ? files.has(record) : shown.has(event);
}

function saysSomething({ objects }: Patch): boolean {
  return [...objects.values()].some(({ registers }) => registers.size > 0);
}

/** The record in which a device keeps the file of a carrier. */
function fileOf({ content: { blob } }: TwinEvent): string[] {
  const sha256: unknown = typeof blob === 'object' && blob !== null ? Reflect.get(blob, 'sha256') : undefined;
  return typeof sha256 === 'string' ? [`blob/${sha256}`] : [];
}

function tellOfUnentitled(world: SimWorld, place: string, patch: Patch, { unentitled }: Known): void {
  const held = unentitled.filter((written) => holds(patch, written)).map(({ id }) => id);
  if (held.length > 0)
    world.violations.push(
      `${place} holds what was written without the right: ${named(held, { here: patch })}`,
    );
}

function holds(patch: Patch, { id, path, register }: Written): boolean {
  const held = patch.objects.get(id)?.registers.get(path);
  return (
    held !== undefined && held.stamp.time === register.stamp.time && held.stamp.actor === register.stamp.actor
  );
}
