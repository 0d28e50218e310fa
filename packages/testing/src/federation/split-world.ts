import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from '@weft/cli/stack';
import { createWorld, type Edit, type EditDraft, openWorld, parseObjectId, type World } from '@weft/world';
import { until } from '../wait/until.ts';
import { untilEqual } from './equal-worlds.ts';
import type { Federation } from './federation.ts';
import { Ledger } from './ledger.ts';
import { matrixCall, statePath } from './matrix-call.ts';

/** Objects of which both sides of a split have something to say. */
export const CLASHES = {
  /** Both set the same property; one of them other properties too. */
  table: parseObjectId('table'),
  /** Each side hangs one from the other. */
  left: parseObjectId('left'),
  right: parseObjectId('right'),
  /** Both sit down: one register. */
  chair: parseObjectId('chair'),
  /** One deletes it, one renames it. */
  vase: parseObjectId('vase'),
  /** Added by one side each, under the same number, which a rule wants to be unique. */
  badgeOfA: parseObjectId('badge-a'),
  badgeOfB: parseObjectId('badge-b'),
} as const;

const BUILDER_LEVEL = 25;
const CROSSINGS = 5;
const EDIT_INTERVAL_MS = 4000;
/** Each client follows the clock of its own server, to within a second: law H17. */
const CLOCKS_APART_MS = 2_500;
const RULE = { kind: 'unique', property: 'acme:badge.number' } as const;

/** One world open on both servers of a federation, by its owner on A and a builder on B. */
export class SplitWorld {
  readonly owner: Account;
  readonly builder: Account;
  /** Open on A. */
  readonly ann: World;
  /** Open on B. */
  readonly ben: World;
  readonly ledger = new Ledger();
  readonly #federation: Federation;
  #crossings = 0;

  static async open(federation: Federation): Promise<SplitWorld> {
    const { a, b } = federation;
    const [owner, builder] = await Promise.all([a.account('ann'), b.account('ben')]);
    const ann = await createWorld({
      login: login(owner),
      title: 'Split',
      access: 'public',
      levels: { [builder.userId]: BUILDER_LEVEL },
      seed: furnish,
    });
    try {
      await matrixCall(owner, 'PUT', statePath(ann.room, 'world.weft.rule', 'badges'), RULE);
      const ben = await openWorld(ann.link, { login: login(builder) });
      await untilEqual([ann, ben]);
      return new SplitWorld(federation, { owner, builder, ann, ben });
    } catch (error) {
      await ann.close();
      throw error;
    }
  }

  private constructor(federation: Federation, parts: Pick<SplitWorld, 'owner' | 'builder' | 'ann' | 'ben'>) {
    this.#federation = federation;
    this.owner = parts.owner;
    this.builder = parts.builder;
    this.ann = parts.ann;
    this.ben = parts.ben;
  }

  get worlds(): readonly World[] {
    return [this.ann, this.ben];
  }

  edit(world: World, name: string, fn: (draft: EditDraft) => void): Edit<void> {
    const edit = world.edit(name, fn);
    this.ledger.follow(world, edit);
    return edit;
  }

  /** Both sides say different things of the same objects, B later than A. */
  async clash(): Promise<void> {
    const { table, left, right, chair, vase, badgeOfA, badgeOfB } = CLASHES;
    const { ann, ben } = this;
    this.edit(ann, 'move the table', (draft) => draft.set(table, { transform: { position: [1, 0, 0] } }));
    this.edit(ann, 'name the table', (draft) => draft.set(table, { node: { name: 'Oak table' } }));
    this.edit(ann, 'left into right', (draft) => draft.move(left, { into: right }));
    this.edit(ann, 'sit down', (draft) => draft.set(chair, { seat: { occupant: ann.userId } }));
    this.edit(ann, 'remove the vase', (draft) => draft.remove(vase));
    this.edit(ann, 'badge of A', (draft) => void draft.add(badge(badgeOfA)));
    await delay(CLOCKS_APART_MS);
    this.edit(ben, 'move the table', (draft) => draft.set(table, { transform: { position: [0, 0, 2] } }));
    this.edit(ben, 'tag the table', (draft) => draft.set(table, { node: { tags: ['oak'] } }));
    this.edit(ben, 'right into left', (draft) => draft.move(right, { into: left }));
    this.edit(ben, 'sit down', (draft) => draft.set(chair, { seat: { occupant: ben.userId } }));
    this.edit(ben, 'name the vase', (draft) => draft.set(vase, { node: { name: 'Ming' } }));
    this.edit(ben, 'badge of B', (draft) => void draft.add(badge(badgeOfB)));
  }

  /** Goes on editing on both sides, each some objects of its own and one that both move, until `endMs`. */
  async editUntil(endMs: number): Promise<void> {
    for (let round = 1; performance.now() < endMs; round += 1) {
      for (const world of this.worlds) {
        // No value twice: equal hashes are to mean equal registers.
        const turn = world === this.ann ? round : -round;
        this.edit(world, 'turn the table', (draft) =>
          draft.set(CLASHES.table, { transform: { rotation: [0, Math.sin(turn), 0, Math.cos(turn)] } }),
        );
        this.edit(world, 'add', (draft) => void draft.add({ node: { name: `${world.userId} ${round}` } }));
      }
      await delay(Math.max(0, Math.min(EDIT_INTERVAL_MS, endMs - performance.now())));
    }
  }

  /** How long an edit takes from one side to the other right now, in milliseconds: the median of some, either way. */
  async crossing(): Promise<number> {
    const samples: number[] = [];
    for (let at = 0; at < CROSSINGS; at += 1) {
      const [from, to] = at % 2 === 0 ? [this.ann, this.ben] : [this.ben, this.ann];
      this.#crossings += 1;
      const label = `crossing ${this.#crossings}`;
      const startMs = performance.now();
      this.edit(from, label, (draft) => draft.set(CLASHES.chair, { seat: { label } }));
      await until(() => to.get(CLASHES.chair)?.seat?.label === label, { what: `${label} at the other side` });
      samples.push(performance.now() - startMs);
      // The other side may show it sooner than its own server says that it has it, and the next one takes its place.
      await this.ledger.decided();
    }
    return samples.sort((one, other) => one - other)[Math.floor(CROSSINGS / 2)] ?? 0;
  }

  split(...ways: Parameters<Federation['split']>): void {
    this.#federation.split(...ways);
  }

  /** Resolves once both sides show the same; @returns after how many milliseconds */
  async heal(timeoutMs?: number): Promise<number> {
    this.#federation.heal();
    return untilEqual(this.worlds, timeoutMs);
  }

  async close(): Promise<void> {
    await Promise.all(this.worlds.map((world) => world.close()));
  }
}

function furnish(draft: EditDraft): void {
  const { table, left, right, chair, vase } = CLASHES;
  draft.add({ id: table, node: { name: 'Table' }, transform: { position: [0, 0, 0] } });
  draft.add({ id: left, node: { name: 'Left' } });
  draft.add({ id: right, node: { name: 'Right' } });
  draft.add({ id: chair, node: { name: 'Chair' }, seat: { label: 'Sit' } });
  draft.add({ id: vase, node: { name: 'Vase' } });
}

function badge(id: string) {
  return { id, node: { name: id }, 'acme:badge': { number: 7 } } as const;
}

function login({ homeserver, token }: Account) {
  return { homeserver, token };
}
