/** How somebody wants to go: across and ahead, -1 to 1, as the camera looks; and whether fast. */
export interface Wish {
  readonly across: number;
  readonly ahead: number;
  readonly fast: boolean;
}

const AHEAD: Readonly<Record<string, number>> = { KeyW: 1, ArrowUp: 1, KeyS: -1, ArrowDown: -1 };
const ACROSS: Readonly<Record<string, number>> = { KeyD: 1, ArrowRight: 1, KeyA: -1, ArrowLeft: -1 };

/** Keys that are held down to walk, by where they are on a keyboard and not by their letters. */
export class WalkKeys {
  readonly #held = new Set<string>();
  /** Pressed since the last step, and perhaps let go before it: a tap is a step too. */
  readonly #tapped = new Set<string>();
  #fast = false;

  /** @returns whether the key is one of those that walk */
  down({ code, shiftKey }: Pick<KeyboardEvent, 'code' | 'shiftKey'>): boolean {
    this.#fast = shiftKey;
    if (AHEAD[code] === undefined && ACROSS[code] === undefined) return false;
    this.#held.add(code);
    this.#tapped.add(code);
    return true;
  }

  up({ code, shiftKey }: Pick<KeyboardEvent, 'code' | 'shiftKey'>): void {
    this.#fast = shiftKey;
    this.#held.delete(code);
  }

  /** The page is not looked at any more: nobody hears of keys that are let go. */
  clear(): void {
    this.#held.clear();
    this.#tapped.clear();
    this.#fast = false;
  }

  /** A step was made of what was pressed. */
  took(): void {
    this.#tapped.clear();
  }

  /** `null` while no key is held, or was pressed since the last step. */
  get wish(): Wish | null {
    const pressed = new Set([...this.#held, ...this.#tapped]);
    if (pressed.size === 0) return null;
    const sum = (of: Readonly<Record<string, number>>): number =>
      [...pressed].reduce((total, code) => total + (of[code] ?? 0), 0);
    return { across: Math.sign(sum(ACROSS)), ahead: Math.sign(sum(AHEAD)), fast: this.#fast };
  }
}
