/** One step of installing or starting, for a person who waits. */
export interface Progress {
  readonly step: 'python' | 'install' | 'instance' | 'boot' | 'relay' | 'world' | 'studio' | 'notice';
  /** A sentence without a full stop: "downloading twisted". */
  readonly message: string;
  /** Finished part of the step, 0 to 1, where it is known. */
  readonly fraction?: number;
}

export type OnProgress = (progress: Progress) => void;
