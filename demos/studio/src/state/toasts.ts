import { type ReadonlySignal, signal } from '@preact/signals';
import { type Complaint, complaintOf } from './complaint.ts';

export interface Toast extends Complaint {
  readonly key: number;
  readonly tone: 'info' | 'error' | 'working';
  readonly action: { readonly label: string; readonly run: () => void } | null;
  /** How far the work is, from 0 to 1; `null` where nobody knows, or there is none. */
  readonly progress: number | null;
}

/** Something that is being done, and how it is told of. */
export interface Working {
  /** @param progress from 0 to 1; `null` where nobody knows */
  say(headline: string, progress?: number | null): void;
  end(): void;
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
    const key = this.#push({ ...BARE, headline, tone: 'info', action });
    setTimeout(() => this.close(key), INFO_MS);
  }

  /** Stays while something is being done, whatever else is told. @param stop gives it up; whoever does it ends the message */
  working(headline: string, stop: () => void): Working {
    const key = this.#push({ ...BARE, headline, tone: 'working', action: { label: 'Stop', run: stop } });
    return {
      say: (words, progress = null) => {
        this.#list.value = this.#list.value.map((toast) =>
          toast.key === key ? { ...toast, headline: words, progress } : toast,
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
    this.#push({ ...complaint, tone: 'info', action, progress: null });
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
    this.#push({ ...complaint, tone: 'error', action, progress: null });
  }

  close(key: number): void {
    this.#list.value = this.#list.value.filter((toast) => toast.key !== key);
  }

  /** Closes the last one, or stops the work that it tells of. @returns whether there was one */
  closeLast(): boolean {
    const last = this.#list.value.at(-1);
    if (last?.tone === 'working') last.action?.run();
    else if (last !== undefined) this.close(last.key);
    return last !== undefined;
  }

  #push(toast: Omit<Toast, 'key'>): number {
    this.#next += 1;
    const all = [...this.#list.value, { ...toast, key: this.#next }];
    // Nobody can stop what is no longer told of.
    const tooMany = all.filter(({ tone }) => tone !== 'working').slice(0, -MAX_TOASTS);
    this.#list.value = all.filter((each) => !tooMany.includes(each));
    return this.#next;
  }
}

const BARE = { reason: null, hint: null, details: null, progress: null };
