import {
  accessRefusal,
  changesIn,
  isPersonalObjectId,
  isPersonalObjectOf,
  newActorId,
  type ObjectId,
  Replica,
  type Rule,
  readRuleEvents,
  sceneHash,
  writerHashOf,
} from '@weft/core';
import { parseRoomEvent, RULE_EVENT } from '@weft/matrix';
import { SeededRandom } from '../random/seeded-random.ts';
import { dominates, isPurged, lacking, named, purgedIn, says } from './compare.ts';
import { judgeDevices, judgeTaken, type Known } from './judge-taken.ts';
import type { Written } from './ledger.ts';
import type { SimClient } from './sim-client.ts';
import type { SimWorld } from './sim-world.ts';
import { type Early, earlyIn, unionOf } from './union.ts';

/** Longer than every backoff, than the rarest reading of the state, and than the clocks are apart. */
const QUIET_MS = 40 * 60_000;
/** What is unsaved is saved by then, however slowly the server takes it. */
const MAX_DRAINS = 60;
const DRAIN_MS = 5 * 60_000;
const OPEN_MS = 60_000;

/**
 * Lets a healed world come to rest, says all that is wrong with it, and ends it.
 *
 * @param strict whether nothing that the room ever let in may be missing from its state
 */
export async function judge(world: SimWorld, strict: boolean): Promise<void> {
  const early = await drain(world);
  const late = await world.openLate(OPEN_MS);
  const opened = late.map(({ process }) => process).filter((process) => process?.session != null);
  const [truth] = opened.flatMap((process) => process?.replica.toPatch() ?? []);
  if (truth === undefined || opened.length < late.length) {
    world.violations.push('the world cannot be opened any more');
    return;
  }
  const union = await unionOf(world, early);
  const { said, purged, unreadable } = union;
  const lost = [...lacking(truth, said).map(({ id }) => id), ...purgedIn(purged, truth)];
  const orphans = new Set(lost.filter((id) => !unreadable.has(id)));
  world.counts.orphans += orphans.size;
  world.counts.unreadable += unreadable.size;
  if (strict && orphans.size > 0)
    world.violations.push(`the room lost for good: ${named([...orphans], { truth, said })}`);
  const known = { ...union, truth, orphans };
  for (const client of [...late, ...world.everybody]) judgeReplica(world, client, known);
  for (const client of world.clients) judgePromises(world, client, known);
  judgeHash(world, known);
  await judgeTaken(world, late, known);
  await end(world, late);
  await judgeDevices(world, known);
}

/** Everything that can be saved is saved, and has been seen by everybody. Gives what was there when servers met. */
async function drain(world: SimWorld): Promise<Early> {
  await world.heal();
  const early = earlyIn(world);
  for (let drains = 0; drains < MAX_DRAINS && !isSaved(world); drains += 1) await world.advance(DRAIN_MS);
  await world.heal();
  await world.advance(QUIET_MS);
  for (const client of world.everybody) {
    if (client.process?.state === 'opening') world.violations.push(`${client.name} never opened`);
    const unsaved = client.process?.session?.unsaved ?? 0;
    if (unsaved > 0) world.violations.push(`${client.name} has ${unsaved} objects unsaved for ever`);
  }
  return early;
}

function isSaved(world: SimWorld): boolean {
  return (
    world.federation.underWay === 0 &&
    world.everybody.every(({ process }) => process?.state !== 'opening' && !process?.session?.unsaved)
  );
}

function judgeReplica(world: SimWorld, client: SimClient, { truth, orphans, unreadable }: Known): void {
  const { session, replica } = client.process ?? {};
  // Who is out of the room sees it as it was.
  if (session == null || replica === undefined || session.standing.membership !== 'join') return;
  const here = replica.toPatch();
  const waiting = waitingForRelay(client);
  const tell = (what: string, ids: Iterable<ObjectId>): void => {
    const distinct = [...new Set(ids)].filter((id) => !unreadable.has(id) && !waiting.has(id)).sort();
    if (distinct.length === 0) return;
    const place = `${client.name} on ${client.server.name}`;
    world.violations.push(`${place} ${what}: ${named(distinct, { truth, here })}`);
  };
  tell(
    'lacks what the room holds',
    lacking(here, truth).map(({ id }) => id),
  );
  tell('holds what was purged', purgedIn(truth, here));
  // What the room lost is written again by whoever may; who only looks can do nothing about it, and who cannot read all
  // that the room points to does nothing: a purge may stand there.
  const mayWrite = (id: ObjectId): boolean =>
    session.standing.readOnly === null &&
    session.incomplete.length === 0 &&
    (!isPersonalObjectId(id) || isPersonalObjectOf(writerHashOf(client.userId), id));
  const blamed = (ids: readonly ObjectId[]) => ids.filter((id) => mayWrite(id) || !orphans.has(id));
  tell('holds what the room lost', blamed(lacking(truth, here).map(({ id }) => id)));
  tell('takes for purged what the room holds', blamed(purgedIn(here, truth)));
}

/**
 * Objects with edits of somebody who was a builder when they were made and is a visitor now, who may still make them: only a relay
 * could bring them to the room, and there is none here. They wait, and their author alone sees them.
 */
function waitingForRelay({ process, userId }: SimClient): ReadonlySet<ObjectId> {
  const { session, replica } = process ?? {};
  if (session == null || replica === undefined || session.standing.readOnly === null) return new Set();
  const access = { userId, level: session.standing.level };
  return new Set(
    [...replica.dirty()].flatMap(([id, registers]) => {
      const refusal = accessRefusal(access, id, replica.registers(id) ?? new Map(), changesIn(registers));
      return refusal === null ? [id] : [];
    }),
  );
}

function judgePromises(
  world: SimWorld,
  client: SimClient,
  { truth, said, purged, orphans, unreadable }: Known,
): void {
  const { ledger, name, process } = client;
  const { counts } = world;
  for (const end of ['durable', 'superseded', 'purged', 'refused', 'kept', 'lost'] as const)
    counts[end] += ledger.ends[end];
  const isExcused = (written: Written): boolean =>
    orphans.has(written.id) ||
    unreadable.has(written.id) ||
    dominates(truth, written) ||
    isTakenBack({ said, purged }, written);
  for (const written of ledger.acknowledged) {
    if (isExcused(written)) continue;
    world.violations.push(`${name} was promised ${written.path} of ${named([written.id], { truth })}`);
  }
  const waiting = waitingForRelay(client);
  // Without a session what the device keeps is on the device still.
  for (const { written, later } of process?.session == null ? [] : ledger.kept) {
    if (isExcused(written) || waiting.has(written.id)) continue;
    // The next process stamped anew what was ahead of its clock, and may have saved it while it opened.
    if ([written, ...later].some((one) => says(truth, one))) continue;
    world.violations.push(`the device of ${name} kept ${written.path} of ${named([written.id], { truth })}`);
  }
  const dirty = process?.session === null ? undefined : process?.replica.dirty();
  for (const { id, path } of dirty === undefined ? [] : ledger.open)
    if (!dirty?.get(id)?.has(path)) world.violations.push(`${name} was never told of ${path} of ${id}`);
}

/** Whether a purge took a register, or the redaction of the only events that said it. */
function isTakenBack({ said, purged }: Pick<Known, 'said' | 'purged'>, written: Written): boolean {
  if (isPurged(purged, written)) return true;
  return purged.objects.get(written.id)?.purge != null && !dominates(said, written);
}

/** Equal registers are equal scenes, reduced at once or step by step. */
function judgeHash(world: SimWorld, { orphans, unreadable }: Known): void {
  const hashes = new Map<string, string>();
  for (const client of world.everybody) {
    const { session, replica } = client.process ?? {};
    if (session == null || replica === undefined || session.standing.membership !== 'join') continue;
    const name = `${client.name} on ${client.server.name}`;
    const hash = sceneHash(replica.scene);
    if (waitingForRelay(client).size === 0) hashes.set(name, hash);
    if (recomputed(world, client, replica) !== hash)
      world.violations.push(`${name} shows another scene than its registers`);
  }
  world.note(`scenes ${[...hashes.values()].join(' ')}`);
  if (orphans.size + unreadable.size === 0 && new Set(hashes.values()).size > 1)
    world.violations.push(`scenes differ: ${JSON.stringify([...hashes])}`);
}

function recomputed(world: SimWorld, client: SimClient, replica: Replica): string {
  const fresh = new Replica({
    actor: newActorId(new SeededRandom('recomputed').bytes),
    now: () => Number.MAX_SAFE_INTEGER / 2048 - 2 * QUIET_MS,
  });
  fresh.receive(replica.toPatch(), 'matrix', rulesOf(world, client));
  return sceneHash(fresh.scene);
}

function rulesOf(world: SimWorld, { server }: SimClient): readonly Rule[] {
  const events = world.roomAt(server).state.filter(({ type }) => type === RULE_EVENT);
  return readRuleEvents(events.flatMap((event) => parseRoomEvent(event) ?? [])).rules;
}

async function end(world: SimWorld, late: readonly SimClient[]): Promise<void> {
  for (const client of [...world.everybody, ...late]) {
    await client.process?.close();
    client.other.stop();
  }
  await world.advance(OPEN_MS);
  const followers = world.servers.reduce((sum, server) => sum + server.followers, 0);
  if (followers > 0) world.violations.push(`${followers} syncs left after all clients were closed`);
  if (world.timers.pending > 0) world.violations.push(`${world.timers.pending} timers left at the end`);
}
