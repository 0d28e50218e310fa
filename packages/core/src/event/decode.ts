import {
  type ActorId,
  isComponentName,
  isObjectId,
  isPersonalObjectId,
  type ObjectId,
  pathOf,
  RESERVED_COMPONENT,
  ROOT,
  type UserId,
} from '../ids.ts';
import { emptyPatch, type Patch, patchOf, type RegisterEntry } from '../register/patch.ts';
import { TICKS_PER_MS } from '../stamp/stamp.ts';
import { readValue } from '../value/normalise.ts';
import { decodeWireValue, hasOnlySafeIntegers } from '../value/wire.ts';
import { type EventContent, isObjectEventContent, isRecord } from './event-json.ts';
import { type IntakeProblem, quote } from './intake-problem.ts';
import { MAX_OBJECT_COMPONENTS, MAX_OBJECT_EVENT_BYTES } from './limits.ts';
import { redactionMs } from './redaction-ms.ts';
import { readStamps, serverTime } from './stamps.ts';

/** A `world.weft.object` event as it came from a room. Only the sender is vouched for. */
export interface ObjectEvent {
  readonly stateKey: unknown;
  readonly content: unknown;
  readonly sender: UserId;
  /** Milliseconds since 1970, as the sender's server says. */
  readonly originServerTs: number;
  /** When it was redacted, in milliseconds since 1970 (`unsigned.redacted_because.origin_server_ts`). */
  readonly redactedAtMs?: number;
}

export interface DecodedObjectEvent {
  /** Empty where the event says nothing that can be read. */
  readonly patch: Patch;
  readonly problems: readonly IntakeProblem[];
  /** The event carried no stamps of its own, or stamps that do not fit its content. */
  readonly handWritten: boolean;
  /** Unknown keys of `w`, to be written back with the object. */
  readonly extra: EventContent;
}

/**
 * Reads one object event. Never throws: what is malformed is dropped alone and reported, and what is dropped depends
 * on nothing but the event, so that all replicas hold the same registers.
 */
export function decodeObjectEvent(event: ObjectEvent): DecodedObjectEvent {
  const { stateKey, content } = event;
  const carrier = `world.weft.object/${typeof stateKey === 'string' ? quote(stateKey) : typeof stateKey}`;
  const refused = (reason: string): DecodedObjectEvent => nothing([{ carrier, path: null, reason }]);
  if (!isObjectId(stateKey) || stateKey === ROOT) return refused('the state key is not an object id');
  if (isPersonalObjectId(stateKey))
    return refused("a personal object is accepted only from its owner's event");
  if (event.redactedAtMs !== undefined)
    return purge(stateKey, redactionMs(event.redactedAtMs, event.originServerTs), carrier);
  if (isRecord(content) && Object.keys(content).length === 0)
    return purge(stateKey, event.originServerTs, carrier);
  if (!isObjectEventContent(content))
    return refused(`the content is not a JSON record of at most ${MAX_OBJECT_EVENT_BYTES} bytes`);
  if (Object.keys(content).filter((name) => name !== RESERVED_COMPONENT).length > MAX_OBJECT_COMPONENTS)
    return refused(`it has more than ${MAX_OBJECT_COMPONENTS} components`);
  return decodeContent(stateKey, content, event, carrier);
}

function decodeContent(
  id: ObjectId,
  content: EventContent,
  event: ObjectEvent,
  carrier: string,
): DecodedObjectEvent {
  const stamps = readStamps(content, event.sender, event.originServerTs);
  const problems: IntakeProblem[] = [];
  const registers: RegisterEntry[] = [];
  const authors = new Set<ActorId>();
  const drop = (path: string, reason: string) => problems.push({ carrier, path: quote(path), reason });
  for (const [component, properties] of Object.entries(content)) {
    if (component === RESERVED_COMPONENT) continue;
    if (!isComponentName(component)) drop(component, 'the name of the component is not allowed');
    else if (!isRecord(properties)) drop(component, 'a component is a record of properties');
    else
      for (const [property, wire] of Object.entries(properties)) {
        const path = pathOf(component, property);
        const value = decodeWireValue(wire);
        const stamp = path === undefined ? undefined : stamps.stampOf(path);
        if (path === undefined) drop(`${component}.${property}`, 'the name of the property is not allowed');
        else if (value === undefined) drop(path, 'the value is malformed or too large');
        else if (stamp === undefined) drop(path, 'the stamp is malformed or out of range');
        else {
          registers.push({ id, path, register: { value, stamp } });
          authors.add(stamp.actor);
        }
      }
  }
  const actors = [...authors].map((actor) => [actor, stamps.usersOf(actor)] as const);
  const { kept, dropped } = readExtra(stamps.extra);
  const { purge: purged } = stamps;
  if (purged === undefined) drop('w.p', 'the time of the purge is out of range');
  const purges = purged == null ? [] : [[id, purged] as const];
  for (const key of dropped) drop(`w.${key}`, 'the value cannot be kept');
  return {
    patch: patchOf({ registers, purges, actors }),
    problems,
    handWritten: stamps.handWritten,
    extra: kept,
  };
}

function readExtra(extra: EventContent): { kept: EventContent; dropped: readonly string[] } {
  const kept = Object.entries(extra).filter(([key, wire]) => isKept({ [key]: wire }));
  const names = new Set(kept.map(([key]) => key));
  return { kept: Object.fromEntries(kept), dropped: Object.keys(extra).filter((key) => !names.has(key)) };
}

function isKept(member: EventContent): boolean {
  const value = readValue(member);
  return value !== undefined && hasOnlySafeIntegers(value);
}

function purge(id: ObjectId, atMs: number, carrier: string): DecodedObjectEvent {
  const time = serverTime(atMs, TICKS_PER_MS - 1);
  if (time !== undefined) return { ...nothing([]), patch: patchOf({ purges: [[id, time]] }) };
  return nothing([{ carrier, path: null, reason: 'the time of the purge is out of range' }]);
}

function nothing(problems: readonly IntakeProblem[]): DecodedObjectEvent {
  return { patch: emptyPatch, problems, handWritten: false, extra: {} };
}
