import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { MAX_WORKERS, Turns } from '@weft/assets';
import { isObjectId, type ObjectId } from '@weft/core';
import type { AssetStatus, SoundState } from '@weft/three';
import type { Superseded } from '@weft/world';
import { Actions } from './actions.ts';
import { bringIn, type ModelShape, mainFiles } from './bring-in.ts';
import { countParts } from './count-parts.ts';
import { exporting, type SaveFile } from './exporting.ts';
import { follow } from './follow.ts';
import { Graph } from './graph.ts';
import { followLostRaces, lostRaceNotice } from './lost-race.ts';
import { FREELY, type Movable, movableBy } from './movable.ts';
import { Others } from './others.ts';
import { publishing } from './publishing.ts';
import { Questions } from './questions.ts';
import { Selection } from './selection.ts';
import type { StudioWorld } from './studio-world.ts';
import { Thumbnails } from './thumbnails.ts';
import { Toasts } from './toasts.ts';
import { Tools } from './tools.ts';
import { nameOf, topmost } from './tree-rows.ts';
import { Walk } from './walk.ts';

type Vec3 = readonly [number, number, number];

/** What a viewport can be asked for; a page without WebGL has none. */
export interface ViewportHandle {
  /** Where a new object goes: what the middle of the view looks at, metres. */
  dropPoint(): readonly [number, number, number];
  frame(ids: readonly ObjectId[]): void;
  retryAsset(src: string): void;
  /** Draws a frame: something looks different that the world does not know of. */
  redraw(): void;
  /** Lets the world be heard, or not. */
  setSound(on: boolean): void;
  /** Shows a box where a model is on its way. @returns takes it away */
  showArriving(at: readonly [number, number, number]): () => void;
}

/** One open world in the editor: the world, and what this page knows on top of it. */
export class Studio {
  readonly world: StudioWorld;
  readonly graph: Graph;
  readonly selection = new Selection();
  readonly tools = new Tools();
  readonly toasts: Toasts;
  readonly questions = new Questions();
  /** Files that are brought in or written: a worker for each at one time. */
  readonly #turns = new Turns(MAX_WORKERS);
  readonly thumbnails: Thumbnails;
  readonly actions: Actions;
  readonly walk: Walk;
  readonly status: ReadonlySignal<StudioWorld['status']['value']>;
  readonly people: ReadonlySignal<StudioWorld['people']['value']>;
  readonly problems: ReadonlySignal<StudioWorld['problems']['value']>;
  readonly others: Others;
  /** Why nothing can be edited; `null` where it can. */
  readonly readOnly: ReadonlySignal<string | null>;
  /** What the gizmo may do with what is selected. */
  readonly movable: ReadonlySignal<Movable>;
  readonly search = signal('');
  readonly open = signal<ReadonlySet<ObjectId>>(new Set());
  readonly renaming = signal<ObjectId | null>(null);
  readonly assets = signal<readonly AssetStatus[]>([]);
  /** Whether the world is heard in this page. */
  readonly sound = signal<SoundState>('none');
  readonly viewport = signal<ViewportHandle | null>(null);
  /** Grows with every undoable step, so that the buttons look again. */
  readonly history: ReadonlySignal<{ readonly undo: boolean; readonly redo: boolean }>;
  readonly #stops: (() => void)[];

  constructor(world: StudioWorld) {
    this.world = world;
    this.graph = new Graph(world);
    this.thumbnails = new Thumbnails((ref, options) => world.assets.load(ref, options));
    this.toasts = new Toasts((id) => nameIn(world, id));
    this.actions = new Actions(world, this.selection, this.toasts);
    this.walk = new Walk(world, this.toasts);
    const [status, stopStatus] = follow(world.status);
    const [people, stopPeople] = follow(world.people);
    const [problems, stopProblems] = follow(world.problems);
    this.status = status;
    this.people = people;
    this.problems = problems;
    this.others = new Others({
      ...{ world, people, selection: this.selection },
      structure: this.graph.structure,
    });
    this.readOnly = computed(() => status.value.readOnly);
    this.movable = computed(() => this.#movable(this.selection.ids.value));
    const history = signal({ undo: world.canUndo, redo: world.canRedo });
    this.history = history;
    const look = () => {
      if (history.value.undo === world.canUndo && history.value.redo === world.canRedo) return;
      history.value = { undo: world.canUndo, redo: world.canRedo };
    };
    this.#stops = [
      stopStatus,
      stopPeople,
      stopProblems,
      world.on('change', ({ removed }) => {
        this.selection.drop(removed);
        look();
      }),
      world.on('stage', look),
      world.on('refused', ({ error }) => this.toasts.error(error)),
      followLostRaces(world, (lost) => this.#noticeLost(lost)),
      effect(() => {
        document.title = `${status.value.unsaved > 0 ? '● ' : ''}${world.title || 'Untitled world'} · Weft studio`;
      }),
    ];
  }

  toggleOpen(id: ObjectId, isOpen: boolean): void {
    const open = new Set(this.open.value);
    if (isOpen) open.add(id);
    else open.delete(id);
    this.open.value = open;
  }

  /** Puts files that came together into the world, side by side; what is wrong with one keeps none of the others out. */
  async importFiles(files: readonly File[], at: Vec3): Promise<void> {
    if (this.readOnly.value !== null) {
      this.toasts.info(`Nothing can be added: ${this.readOnly.value}`);
      return;
    }
    const main = mainFiles(files);
    const as = await this.#shapeOf(main, files);
    if (as === null) return;
    const added = await Promise.all(
      main.map((file, index) => this.#bringIn(file, beside(at, index, main.length), files, as)),
    );
    const ids = added.filter((id) => id !== null);
    if (ids.length > 0) this.selection.set(ids);
  }

  /** Asks only where it makes a difference. @returns `null` where it was given up */
  async #shapeOf(main: readonly File[], files: readonly File[]): Promise<ModelShape | null> {
    const counts = await Promise.all(main.map((file) => countParts(file, others(file, files))));
    const models = main.filter((_, at) => (counts[at] ?? 0) > 1);
    const [first, ...more] = models;
    if (first === undefined) return 'one';
    const parts = counts.reduce((sum, count) => sum + (count > 1 ? count : 0), 0);
    const which = more.length === 0 ? first.name : `${first.name} and ${more.length} more`;
    return this.questions.ask({
      headline: `${which}: ${parts} parts`,
      explanation: 'What should it be in this world?',
      answers: [
        { value: 'one', label: 'One object', hint: 'Placed and moved as a whole, with its animations' },
        {
          value: 'parts',
          label: 'Its parts',
          hint: 'An object for each, with its name and place, in one group; undone in one step',
        },
      ],
    });
  }

  /** Saves what is shown, or what is selected with all that hangs from it, as one model. */
  async exportGlb(what: 'world' | 'selection', save: SaveFile): Promise<void> {
    const ids = what === 'world' ? null : topmost(this.world, this.selection.ids.value);
    const [first] = ids ?? [];
    const only = ids?.length === 1 && first !== undefined ? nameIn(this.world, first) : null;
    const called = only ?? (this.world.title || 'Untitled world');
    await exporting(this.world, ids, called, this.toasts, this.#turns, save);
  }

  async #bringIn(file: File, at: Vec3, files: readonly File[], as: ModelShape): Promise<ObjectId | null> {
    const takeAway = this.viewport.value?.showArriving(at) ?? (() => {});
    const added = await publishing(file.name, this.toasts, this.#turns, (how) =>
      bringIn(this.world, file, at, others(file, files), as, how),
    );
    takeAway();
    return added;
  }

  #movable(ids: readonly ObjectId[]): Movable {
    // The status, too, since it depends on the role, and on there being a relay.
    const objects = topmost(this.world, ids).flatMap((id) => this.graph.object(id) ?? []);
    return this.status.value.graph === 'ready' ? movableBy((fn) => this.world.check(fn), objects) : FREELY;
  }

  #noticeLost(lost: Superseded): void {
    const user = (id: string) => this.people.value.find((person) => person.user === id)?.name ?? id;
    const notice = lostRaceNotice(lost, { user, object: (id) => nameIn(this.world, id) });
    this.toasts.notice(notice, { label: 'Set mine again', run: () => this.actions.setAgain(lost) });
  }

  stop(): void {
    this.walk.leave();
    this.graph.stop();
    this.others.stop();
    for (const stop of this.#stops) stop();
  }
}

function others(file: File, files: readonly File[]): readonly File[] {
  return files.filter((other) => other !== file);
}

const SIDE_BY_SIDE_METRES = 1.5;

function beside([x, y, z]: Vec3, index: number, count: number): Vec3 {
  return [x + (index - (count - 1) / 2) * SIDE_BY_SIDE_METRES, y, z];
}

function nameIn(world: StudioWorld, id: string): string | null {
  const object = isObjectId(id) ? world.get(id) : undefined;
  return object === undefined ? null : nameOf(object);
}
