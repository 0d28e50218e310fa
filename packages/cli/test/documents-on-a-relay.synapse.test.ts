import { type Account, synapse } from '@weft/testing/synapse';
import { createWorld, type DocumentHandle, type ObjectId, openWorld, type World } from '@weft/world';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RelayProcess } from './relay-process.ts';

const PATIENCE = { timeout: 30_000, interval: 20 };

let relay: RelayProcess;
let owner: Account;
let builder: Account;
let ann: World;
let bob: World;
let sign: ObjectId;
let atAnn: DocumentHandle;
let atBob: DocumentHandle;

const login = ({ homeserver, token }: Account) => ({ homeserver, token });
const textOf = ({ ydoc }: DocumentHandle) => ydoc.getText('text').toString();
const both = () => [textOf(atAnn), textOf(atBob)];
const areLive = () => [atAnn, atBob].map(({ status }) => status.value.isLive);
const lanes = () => [ann.status.value.lane, bob.status.value.lane];

/** A letter at a time, as typing is, each as soon as the one before is in the document. */
function typeAt(document: DocumentHandle, index: number, text: string): void {
  for (const [at, letter] of [...text].entries()) document.ydoc.getText('text').insert(index + at, letter);
}

beforeAll(async () => {
  const server = await synapse();
  owner = await server.account('owner');
  builder = await server.account('builder');
  relay = await RelayProcess.start();
  const people = { levels: { [builder.userId]: 25 }, invite: [builder.userId] };
  ann = await createWorld({
    ...{ login: login(owner), title: 'With documents', ...people },
    relays: [relay.transport],
  });
  bob = await openWorld(ann.room, { login: login(builder) });
});

afterAll(async () => {
  await Promise.all([ann.close(), bob.close()]);
  await relay.stop();
});

describe('a document of a world on a relay beside a real homeserver', () => {
  test('[DO8] is alike for two who type into it at once, before the room has any of it', async () => {
    await expect.poll(lanes, PATIENCE).toEqual(['relay', 'relay']);
    const made = ann.edit('add', (draft) => draft.add({ node: { name: 'Sign' } }));
    await made.held;
    sign = made.value;
    await expect.poll(() => bob.get(sign)?.node?.name, PATIENCE).toBe('Sign');
    [atAnn, atBob] = [ann.document(sign), bob.document(sign)];
    await expect.poll(areLive, PATIENCE).toEqual([true, true]);
    typeAt(atAnn, 0, 'Welcome');
    typeAt(atBob, 0, 'plaza');
    const unsaved = [atAnn, atBob].map(({ status }) => status.value.isUnsaved);
    expect(unsaved).toEqual([true, true]);
    await expect.poll(() => new Set(both()).size, PATIENCE).toBe(1);
    expect(textOf(atAnn)).toMatch(/^(Welcomeplaza|plazaWelcome)$/);
    atAnn.awareness.setLocalState({ user: { name: 'Ann' }, cursor: 3 });
    await expect
      .poll(() => atBob.awareness.getStates().get(atAnn.ydoc.clientID), PATIENCE)
      .toEqual({ user: { name: 'Ann' }, cursor: 3 });
  });

  test('[DO8] [DO10] loses nothing when the relay is killed while both type, and is alike without it and with it again', async () => {
    typeAt(atAnn, 0, 'before ');
    await expect.poll(() => textOf(atBob).startsWith('before '), PATIENCE).toBe(true);
    typeAt(atAnn, 0, 'ann ');
    relay.kill();
    typeAt(atBob, textOf(atBob).length, ' bob');
    await relay.ended;
    await expect.poll(areLive, PATIENCE).toEqual([false, false]);
    typeAt(atAnn, 0, 'alone ');
    // The room alone brings it, once it was saved there.
    await expect.poll(() => new Set(both()).size, PATIENCE).toBe(1);
    expect(textOf(atBob)).toMatch(/^alone ann before .* bob$/);
    await relay.startAgain();
    await expect.poll(areLive, PATIENCE).toEqual([true, true]);
    typeAt(atBob, 0, 'back: ');
    await expect.poll(() => textOf(atAnn), PATIENCE).toBe(textOf(atBob));
    expect(textOf(atAnn)).toMatch(/^back: alone ann before .* bob$/);
  });

  test('[DO6] is saved in the room when it rests: who comes late sees it without a relay', async () => {
    const isSaved = () =>
      [atAnn, atBob].every(({ status }) => !status.value.isUnsaved) &&
      [ann, bob].every(({ status }) => status.value.unsaved === 0);
    await expect.poll(isSaved, PATIENCE).toBe(true);
    const late = await openWorld(ann.room, { login: login(owner), lanes: ['matrix'] });
    const atLate = late.document(sign);
    expect(textOf(atLate)).toBe(textOf(atAnn));
    expect(atLate.status.value).toMatchObject({ isLive: false, canEdit: true, problem: null });
    await late.close();
  });
});
