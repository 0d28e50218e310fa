import { createEncoder, toUint8Array, writeVarString, writeVarUint } from 'lib0/encoding';
import { Awareness, applyAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';
import type { Doc } from 'yjs';
import type { AwarenessState } from './document-host.ts';

const REMOTE = 'remote';

/**
 * The awareness that bindings of editors know, without its own clock: who is there, the relay knows, so nothing has to be
 * said again every 15 seconds, and nobody is forgotten after 30.
 *
 * @param show told of this editor's own state after each change of it
 */
export function createAwareness(doc: Doc, show: (state: AwarenessState | null) => void): Awareness {
  const awareness = new Awareness(doc);
  clearInterval(awareness._checkInterval);
  awareness.on('update', ({ added, updated, removed }: AwarenessChange, origin: unknown) => {
    if (origin === REMOTE) return;
    const isOwn = [...added, ...updated, ...removed].includes(awareness.clientID);
    if (isOwn) show(awareness.getLocalState());
  });
  return awareness;
}

/** Shows exactly these states of others. */
export function setRemoteStates(awareness: Awareness, states: ReadonlyMap<number, AwarenessState>): void {
  const gone = [...awareness.states.keys()].filter((id) => id !== awareness.clientID && !states.has(id));
  if (gone.length > 0) removeAwarenessStates(awareness, gone, REMOTE);
  const changed = [...states].filter(([id, state]) => {
    const isOther = id !== awareness.clientID;
    return isOther && JSON.stringify(awareness.states.get(id)) !== JSON.stringify(state);
  });
  if (changed.length === 0) return;
  const encoder = createEncoder();
  writeVarUint(encoder, changed.length);
  for (const [id, state] of changed) {
    writeVarUint(encoder, id);
    writeVarUint(encoder, (awareness.meta.get(id)?.clock ?? 0) + 1);
    writeVarString(encoder, JSON.stringify(state));
  }
  applyAwarenessUpdate(awareness, toUint8Array(encoder), REMOTE);
}

interface AwarenessChange {
  readonly added: readonly number[];
  readonly updated: readonly number[];
  readonly removed: readonly number[];
}
