import type { ObjectId, Path } from '../ids.ts';
import { compareUtf8 } from '../value/utf8.ts';

/** Something in the registers that the scene cannot show as written. Nothing is lost by it. */
export type SceneProblem =
  | {
      /** The parent is not there yet: hidden until it arrives. */
      readonly reason: 'pending';
      readonly object: ObjectId;
      readonly parent: ObjectId;
      /** Objects hidden by this, itself included. */
      readonly hidden: number;
    }
  | {
      /** Its edge closed a cycle and was dropped: it hangs from the root and keeps its local transform. */
      readonly reason: 'cycle';
      readonly object: ObjectId;
      readonly parent: ObjectId;
    }
  | {
      /** More than `MAX_DEPTH` levels below the root: hidden. */
      readonly reason: 'too-deep';
      readonly object: ObjectId;
      readonly hidden: number;
    }
  | {
      /** The value does not fit its schema: readers see the default of what is built in, and the rest as it was written. */
      readonly reason: 'schema';
      readonly object: ObjectId;
      readonly path: Path;
      /** What would have been accepted. */
      readonly expected: string;
    }
  | {
      /** It breaks a rule of the world and is *suspended*: hidden with all below it, until it breaks the rule no more. */
      readonly reason: 'rule';
      readonly object: ObjectId;
      /** The name of the rule. */
      readonly rule: string;
      /** What would have been accepted. */
      readonly expected: string;
      /** What is in its way: the first few of the objects that the rule lets in, or the parent that will not do. */
      readonly clashes: readonly ObjectId[];
      readonly hidden: number;
    };

export function compareProblems(a: SceneProblem, b: SceneProblem): number {
  return (
    compareUtf8(a.object, b.object) || compareUtf8(a.reason, b.reason) || compareUtf8(pathOf(a), pathOf(b))
  );
}

function pathOf(problem: SceneProblem): string {
  return problem.reason === 'schema' ? problem.path : '';
}
