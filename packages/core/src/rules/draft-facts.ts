import { type ObjectId, type Path, ROOT } from '../ids.ts';
import type { Patch } from '../register/patch.ts';
import { newest, type Register } from '../register/register.ts';
import { isDeleted, isPresent, PARENT_PATH, type Registers, writtenParent } from '../scene/facts.ts';
import { originOf, type Pose, poseUnder, ROOT_POSE } from '../scene/pose.ts';
import { MAX_DEPTH } from '../scene/tree.ts';
import { NOT_STOPPED } from '../scene/tree-node.ts';
import type { RuleFacts } from './facts.ts';
import type { RuleView } from './rule-view.ts';

const NOTHING: Registers = new Map();

/** The world as it would be with a patch joined; nothing is joined. */
export class DraftFacts {
  readonly #view: RuleView;
  readonly #patch: Patch;
  readonly #registers = new Map<ObjectId, Registers>();

  constructor(view: RuleView, patch: Patch) {
    this.#view = view;
    this.#patch = patch;
  }

  registers(id: ObjectId): Registers {
    const written = this.#patch.objects.get(id)?.registers;
    const held = this.#view.read(id) ?? NOTHING;
    if (written === undefined) return held;
    const known = this.#registers.get(id);
    if (known !== undefined) return known;
    const joined = new Map<Path, Register>(held);
    for (const [path, register] of written) {
      const before = joined.get(path);
      joined.set(path, before === undefined ? register : newest(before, register));
    }
    this.#registers.set(id, joined);
    return joined;
  }

  /** Where an object would hang. A cycle that others tied stays cut where the world has cut it. */
  parent(id: ObjectId): ObjectId {
    const isMoved = this.#patch.objects.get(id)?.registers.has(PARENT_PATH) === true;
    const node = this.#view.nodeOf(id);
    if (!isMoved && node?.up != null) return node.up.id;
    return writtenParent(this.registers(id));
  }

  /** The object and what it would hang from, the root excepted; `null` where it would be hidden. */
  wayUp(id: ObjectId): readonly ObjectId[] | null {
    const way: ObjectId[] = [];
    for (let at = id; at !== ROOT; at = this.parent(at)) {
      const registers = this.registers(at);
      if (way.length === MAX_DEPTH || !isPresent(at, registers) || isDeleted(registers)) return null;
      way.push(at);
    }
    return way;
  }

  /** Whether an object would be visible, but for what it breaks itself. */
  isUnderVisible(way: readonly ObjectId[]): boolean {
    return way.slice(1).every((at) => {
      const node = this.#view.nodeOf(at);
      // What only something above it keeps out comes back with that.
      return (
        this.#patch.objects.has(at) ||
        (node !== undefined && this.#view.suspensions.ruleOf(node) === NOT_STOPPED)
      );
    });
  }

  factsOf(id: ObjectId, way: readonly ObjectId[]): RuleFacts {
    const parentId = way[1] ?? ROOT;
    return {
      id,
      registers: this.registers(id),
      parent: parentId === ROOT ? null : this.registers(parentId),
      parentId,
      isBelow: (top) => top === ROOT || way.indexOf(top) > 0,
      origin: () =>
        originOf(
          way.reduceRight<Pose>((above, at) => poseUnder(above, this.registers(at)), ROOT_POSE).matrix,
        ),
    };
  }
}
