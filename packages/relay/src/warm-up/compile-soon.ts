import { setFlagsFromString } from 'node:v8';

/** After how many calls V8 compiles a function, and after how many more once it has met something new: a fifth or so of its own. */
const FLAGS = [
  '--invocation-count-for-maglev=100',
  '--invocation-count-for-turbofan=1000',
  '--minimum-invocations-after-ic-update=100',
];

/**
 * For a process that is a relay and nothing else. There everything that a frame runs through is called as often as frames come,
 * and by V8's own numbers the first five hundred are not met by compiled code, whatever a warm-up had compiled for other shapes.
 */
export function compileSoon(): void {
  for (const flag of FLAGS) setFlagsFromString(flag);
}
