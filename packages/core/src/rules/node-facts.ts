import { type ObjectId, ROOT } from '../ids.ts';
import type { ReadRegisters, Registers } from '../scene/facts.ts';
import type { TreeNode } from '../scene/tree-node.ts';
import type { RuleFacts } from './facts.ts';

const NOTHING: Registers = new Map();

/** What rules may ask of the reduction, besides the tree. */
export interface FactPorts {
  readonly read: ReadRegisters;
  readonly originOf: (node: TreeNode, registers: Registers) => readonly [number, number, number];
}

/** The facts of an object of the tree, each looked up when a rule asks: a large world is judged object by object. */
export class NodeFacts implements RuleFacts {
  readonly #node: TreeNode;
  readonly #ports: FactPorts;
  #registers: Registers | null = null;

  constructor(node: TreeNode, ports: FactPorts) {
    this.#node = node;
    this.#ports = ports;
  }

  get id(): ObjectId {
    return this.#node.id;
  }

  get registers(): Registers {
    this.#registers ??= this.#ports.read(this.#node.id) ?? NOTHING;
    return this.#registers;
  }

  get parent(): Registers | null {
    return this.parentId === ROOT ? null : (this.#ports.read(this.parentId) ?? NOTHING);
  }

  get parentId(): ObjectId {
    return this.#node.up?.id ?? ROOT;
  }

  isBelow(id: ObjectId): boolean {
    for (let at = this.#node.up; at !== null; at = at.up) if (at.id === id) return true;
    return false;
  }

  origin(): readonly [number, number, number] {
    return this.#ports.originOf(this.#node, this.registers);
  }
}
