import type {
  BlobPointer,
  ChangeSet,
  ObjectId,
  Patch,
  PatchSource,
  Replica,
  Settled,
  SourcedPatch,
  UserId,
} from '@weft/core';
import { LAYER_EVENT } from '../event-types.ts';
import type { RoomUpdate } from '../homeserver.ts';
import type { EventId } from '../ids.ts';
import type { RoomEvent } from '../room-event.ts';
import { type Constraints, constraintsAfter } from './constraints.ts';
import { decodeCarrier } from './decode-carrier.ts';
import { changesPolicy } from './policy.ts';
import type { RoomModel } from './room-model.ts';
import type { Intake, ModelStep, StateEntries } from './state-entries.ts';
import type { StateReading } from './state-reader.ts';

/** The one reason to read the state again of which another's word can dispose. */
export const GAP = 'a gap in the timeline';

/** Something that was skipped or went wrong; the world goes on. */
export interface RoomProblem {
  /** Event type and state key, or the part of the session. */
  readonly carrier: string;
  readonly path: string | null;
  readonly reason: string;
  readonly error: Error | null;
}

/** What one update or reading amounts to, worked out before anything is changed. */
export interface Prepared {
  readonly steps: readonly ModelStep[];
  /** In no order that matters. */
  readonly patches: readonly Patch[];
  /** Which event said a patch; of what counts for good, as a redaction does, it is not asked. */
  readonly sources: ReadonlyMap<Patch, PatchSource>;
  /** What is left of events that a journal tells of, beside the patches. */
  readonly remains: readonly SourcedPatch[];
  /** Events that do not count any more: their sender had lost the right to send them. */
  readonly retracted: readonly string[];
  /** `null` where they stay what they are. */
  readonly constraints: Constraints | null;
  readonly problems: readonly RoomProblem[];
  /** Carriers that the homeserver told of and that are not its state: written over since, or thrown out. */
  readonly unheld: readonly Intake[];
  /** Why the room's state has to be read again; empty where it has not. */
  readonly rereadFor: readonly string[];
  /** Events that the homeserver is known to have told of. */
  readonly seen: ReadonlySet<EventId>;
}

/** What changed, for those who listen. */
export interface Applied {
  readonly change: ChangeSet;
  readonly settled: readonly Settled[];
  /** Objects of which the room says something else than before, or that somebody wrote, and who; `null` where it is gone. */
  readonly touched: ReadonlyMap<ObjectId, UserId | null>;
}

/**
 * Stage 1, of a sync response: reads it against the model. Changes nothing. Where it tells the whole state, what does not
 * count is told as by a reading, also of its own timeline.
 *
 * @param recent events that the replica may have to take back
 */
export function prepareUpdate(
  model: RoomModel,
  update: RoomUpdate,
  recent: readonly PatchSource[] = [],
): Prepared {
  const step = update.complete
    ? wholeOf(model, update)
    : model.advance(update.state, update.timeline, update.redactions);
  // Also what the model could not follow, or a state resolution threw out, is an edit that its author was allowed.
  const known = new Set([...step.entries.values()].map(({ event }) => event.id));
  const told = new Map([...update.timeline, ...update.state].map((event) => [event.id, event]));
  const rest = [...told.values()].filter((event) => !known.has(event.id)).flatMap(intakeOf);
  const rereadFor = [
    ...(update.gap ? [GAP] : []),
    ...(update.redactions.length > 0 ? ['a redaction'] : []),
    ...step.unexpected.map((key) => `state that replaced something unseen (${key})`),
    ...(!update.complete && [...update.state, ...update.timeline].some(changesPolicy)
      ? ['a change of who may do what']
      : []),
  ];
  const constraints = constraintsAfter(model, [step]);
  const intakes = [...step.fresh, ...rest];
  const doubtful = [...recent, ...rest.map(({ event }) => sourceOf(event))];
  return {
    steps: [step],
    patches: patchesOf(intakes),
    sources: sourcesOf(intakes),
    remains: [],
    retracted: [
      ...(update.complete ? sentWithoutRight(model, [step], () => stateAfter(model, step), doubtful) : []),
      ...redactedIn(model, [update.state, update.timeline], [update]),
    ],
    unheld: rest,
    constraints,
    problems: [...problemsOf(intakes), ...named(update), ...problemsIn(constraints)],
    rereadFor,
    seen: new Set(told.keys()),
  };
}

/** Stage 1, of who is in the room, which a sync tells bit by bit: those of whom it told are better known already. */
export function prepareMembers(model: RoomModel, events: readonly RoomEvent[]): Prepared {
  const unknown = events.filter(({ type, stateKey }) => model.get(type, stateKey ?? '') === undefined);
  return prepareUpdate(model, { ...NOTHING, state: unknown });
}

/** Stage 1, of an event that was read by itself and is no state any more. */
export function prepareTold(model: RoomModel, event: RoomEvent): Prepared {
  return prepareUpdate(model, { ...NOTHING, timeline: [event] });
}

/**
 * Stage 1, of a reading of `/state`: what came in by sync meanwhile is laid over it again. Only now it can be told what
 * does not count, since the state is known without it.
 */
export function prepareReading(
  model: RoomModel,
  replica: Pick<Replica, 'recentSources'>,
  reading: StateReading,
): Prepared {
  const whole = model.read(reading.events);
  const after = stateAfter(model, whole);
  const steps = [whole];
  for (const update of reading.since) {
    const step = after.advance(update.state, update.timeline, update.redactions);
    after.take(step);
    steps.push(step);
  }
  const unexpected = steps.flatMap((step) => step.unexpected);
  const fresh = steps.flatMap((step) => step.fresh);
  const constraints = constraintsAfter(model, steps);
  return {
    steps,
    patches: patchesOf(fresh),
    sources: sourcesOf(fresh),
    remains: [],
    retracted: [
      ...sentWithoutRight(model, steps, () => after, replica.recentSources),
      ...redactedIn(model, [reading.events], reading.since),
    ],
    unheld: [],
    constraints,
    problems: [...problemsOf(fresh), ...named(reading), ...problemsIn(constraints)],
    rereadFor: unexpected.map((key) => `state that replaced something unseen (${key})`),
    seen: new Set(reading.events.map(({ id }) => id)),
  };
}

/** Stage 1, of a blob that was fetched. */
export function prepareBlob(model: RoomModel, pointer: BlobPointer): Prepared {
  const step = model.resolved(pointer);
  return {
    steps: [step],
    patches: patchesOf(step.fresh),
    sources: sourcesOf(step.fresh),
    remains: [],
    retracted: [],
    unheld: [],
    constraints: null,
    problems: problemsOf(step.fresh),
    rereadFor: [],
    seen: new Set(),
  };
}

/** Stage 3: the only one that changes anything. It throws before the first change or not at all. */
export function write(
  model: RoomModel,
  replica: Pick<Replica, 'receiveAll' | 'settle' | 'setComponents'>,
  prepared: Prepared,
): Applied {
  const { constraints, patches, sources, remains, retracted, unheld } = prepared;
  const past = new Set(unheld.map(({ decoded }) => decoded.patch));
  if (constraints !== null) replica.setComponents(constraints.components);
  const received = patches.map((patch) => {
    const source = sources.get(patch);
    return source === undefined ? patch : { patch, source, isHeld: !past.has(patch) };
  });
  const change = replica.receiveAll([...received, ...remains], 'matrix', constraints?.rules, retracted);
  const touched = new Map<ObjectId, UserId | null>();
  const told = unheld.map(({ event, decoded }) => ({ source: sourceOf(event), patch: decoded.patch }));
  for (const { source, patch } of [...remains, ...told])
    for (const id of patch.objects.keys()) touched.set(id, source.sender);
  for (const step of prepared.steps) {
    for (const [id, sender] of model.touchedBy(step)) touched.set(id, sender);
    model.take(step);
  }
  return { change, settled: replica.settle(model), touched };
}

// The purge takes what is stamped before it. What a fast clock stamped later goes with the event itself.
function redactedIn(
  model: RoomModel,
  events: readonly (readonly RoomEvent[])[],
  updates: readonly Pick<RoomUpdate, 'redactions'>[],
): readonly EventId[] {
  const redacted = new Set(updates.flatMap(({ redactions }) => redactions.map(({ target }) => target)));
  for (const { id, redactedAtMs } of events.flat()) if (redactedAtMs !== null) redacted.add(id);
  // A redacted layer only withdraws its pointer.
  for (const { id } of model.all(LAYER_EVENT)) redacted.delete(id);
  return [...redacted];
}

// A redacted event is no edit; where it is current, the model says what that means.
export function intakeOf(event: RoomEvent): Intake[] {
  const decoded = event.redactedAtMs === null ? decodeCarrier(event) : null;
  return decoded === null ? [] : [{ event, decoded }];
}

function patchesOf(intakes: readonly Intake[]): readonly Patch[] {
  return intakes.map(({ decoded }) => decoded.patch);
}

// What a redaction purges counts whoever had sent the event that was redacted.
export function sourcesOf(intakes: readonly Intake[]): ReadonlyMap<Patch, PatchSource> {
  const sources = new Map<Patch, PatchSource>();
  for (const { event, decoded } of intakes)
    if (event.redactedAtMs === null) sources.set(decoded.patch, sourceOf(event));
  return sources;
}

export function sourceOf({ id, sender, atMs, type }: RoomEvent): PatchSource {
  return { event: id, sender, atMs, carrier: type };
}

// A timeline reaches back on both sides of a split, also where it is as short as a first one.
function wholeOf(model: RoomModel, { state, timeline }: RoomUpdate): ModelStep {
  const step = model.read(state);
  return { ...step, told: [...timeline, ...step.told] };
}

function stateAfter(model: RoomModel, step: ModelStep): StateEntries {
  const after = model.fork();
  after.take(step);
  return after;
}

function sentWithoutRight(
  model: RoomModel,
  steps: readonly ModelStep[],
  stateAfterAll: () => StateEntries,
  recent: readonly PatchSource[],
): readonly string[] {
  if (recent.length === 0) return [];
  const after = stateAfterAll();
  const held = new Set<string>();
  for (const [, { event }] of after.all()) held.add(event.id);
  const policy = model.policy.fork();
  for (const step of steps) policy.note(step.told);
  const unheld = recent.filter(({ event }) => !held.has(event));
  return policy.sentWithoutRight(unheld, (type, key) => after.get(type, key)?.event);
}

function problemsOf(intakes: readonly Intake[]): RoomProblem[] {
  return intakes.flatMap(({ decoded }) => decoded.problems.map(intake));
}

function problemsIn(constraints: Constraints | null): RoomProblem[] {
  return (constraints?.problems ?? []).map(intake);
}

function intake(problem: { carrier: string; path: string | null; reason: string }): RoomProblem {
  return { ...problem, error: null };
}

function named({ malformed }: { readonly malformed: readonly string[] }): RoomProblem[] {
  return malformed.map((carrier) => ({ carrier, path: null, reason: 'it is no Matrix event', error: null }));
}

const NOTHING: RoomUpdate = {
  complete: false,
  gap: false,
  state: [],
  timeline: [],
  redactions: [],
  sticky: [],
  malformed: [],
  token: null,
};
