import { type ReadonlySignal, signal } from '@preact/signals';
import { type Complaint, complaintOf } from './complaint.ts';

export interface Toast extends Complaint {
  readonly key: number;
  readonly tone: 'info' | 'error';
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

const MAX_TOASTS = 4;
const INFO_MS = 5_000;

/** Short messages over the view. Errors and notices stay until they are closed; notes go by themselves. */
export class Toasts {
  readonly list: ReadonlySignal<readonly Toast[]>;
  readonly #list = signal<readonly Toast[]>([]);
  readonly #nameOf: (id: string) => string | null;
  #next = 0;

  /** @param nameOf what people call the object of this id */
  constructor(nameOf: (id: string) => string | null) {
    this.#nameOf = nameOf;
    this.list = this.#list;
  }

  info(headline: string, action: Toast['action'] = null): void {
    const key = this.#push({ headline, reason: null, hint: null, details: null, tone: 'info', action });
    setTimeout(() => this.close(key), INFO_MS);
  }

  /** Stays while something is being done; the action gives it up. */
  working(headline: string, action: Toast['action']): { say(headline: string): void; end(): void } {
    const key = this.#push({ headline, reason: null, hint: null, details: null, tone: 'info', action });
    return {
      say: (words) => {
        this.#list.value = this.#list.value.map((toast) =>
          toast.key === key ? { ...toast, headline: words } : toast,
        );
      },
      end: () => this.close(key),
    };
  }

  /** Stays until it is closed: it asks for a decision. */
  notice(complaint: Complaint, action: Toast['action']): void {
    const isSame = ({ headline, reason }: Toast) =>
      headline === complaint.headline && reason === complaint.reason;
    const repeated = this.#list.value.find(isSame);
    if (repeated !== undefined) this.close(repeated.key);
    this.#push({ ...complaint, tone: 'info', action });
  }

  /** Tells that something is done: it goes by itself, or stays where there is something to know about it. */
  done(headline: string, notes: readonly string[]): void {
    const [first, ...others] = notes;
    if (first === undefined) {
      this.info(headline);
      return;
    }
    const details = others.length === 0 ? null : others.join('\n');
    this.notice({ headline, reason: first, hint: null, details }, null);
  }

  error(error: unknown, action: Toast['action'] = null): void {
    const complaint = complaintOf(error, this.#nameOf);
    const repeated = this.#list.value.find((toast) => toast.details === complaint.details);
    if (repeated !== undefined) this.close(repeated.key);
    this.#push({ ...complaint, tone: 'error', action });
  }

  close(key: number): void {
    this.#list.value = this.#list.value.filter((toast) => toast.key !== key);
  }

  /** @returns whether there was one to close */
  closeLast(): boolean {
    const last = this.#list.value.at(-1);
    if (last !== undefined) this.close(last.key);
    return last !== undefined;
  }

  #push(toast: Omit<Toast, 'key'>): number {
    this.#next += 1;
    this.#list.value = [...this.#list.value, { ...toast, key: this.#next }].slice(-MAX_TOASTS);
    return this.#next;
  }
}
