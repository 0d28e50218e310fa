export type Severity = 'error' | 'warning' | 'remark';

/** One kind of thing that a model has wrong, however often. */
export interface ModelFinding {
  /** The Khronos validator's name for it, such as `ACCESSOR_INDEX_OOB`. */
  readonly code: string;
  readonly severity: Severity;
  /** How often it was found, within `MAX_VALIDATOR_MESSAGES`. */
  readonly count: number;
  /** The first places, as JSON pointers; at most `MAX_SHOWN_PLACES`. */
  readonly places: readonly string[];
  /** What it means, as a sentence. */
  readonly says: string;
  /** What its author can do about it, as a sentence. */
  readonly advice: string;
  /** The validator's own words for the first one. */
  readonly original: string;
}

/** What the Khronos validator finds in a model. */
export interface ModelReport {
  /** Whether it has no errors; warnings are for its author to weigh. */
  readonly isValid: boolean;
  /** Errors first, then warnings, then remarks; the most frequent first. */
  readonly findings: readonly ModelFinding[];
  /** Whether there is more than the validator told. */
  readonly isCutOff: boolean;
  readonly facts: ModelFacts;
}

export interface ModelFacts {
  readonly triangles: number;
  readonly vertices: number;
  readonly drawCalls: number;
  readonly materials: number;
  readonly animations: number;
  readonly isSkinned: boolean;
  readonly isTextured: boolean;
  /** The program that wrote it, in its own words, cut to 100 characters; `null` where it does not say. */
  readonly generator: string | null;
  readonly extensions: readonly string[];
}

/** The report in lines for people, errors and warnings only: what is wrong, where, what to do. */
export function reportLines({ findings, isCutOff }: ModelReport): string[] {
  const lines = findings
    .filter(({ severity }) => severity !== 'remark')
    .map(({ severity, count, says, advice, places, code }) => {
      const times = count === 1 ? '' : ` (${count} times)`;
      const where =
        places.length === 0 ? '' : ` At ${places.join(', ')}${count > places.length ? ', …' : ''}.`;
      return `${severity}: ${says}${times}${where} ${advice} [${code}]`;
    });
  return isCutOff ? [...lines, 'There is more: the validator stopped here.'] : lines;
}
