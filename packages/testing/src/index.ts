export { systemTimers } from '@weft/matrix';
export { FakeTimers, settle } from './clock/fake-timers.ts';
export { cpuMs } from './cpu-ms.ts';
export {
  type PropertySettings,
  propertySettings,
  RUNS_VARIABLE,
  SEED_VARIABLE,
} from './property/settings.ts';
export { SeededRandom } from './random/seeded-random.ts';
export { until } from './wait/until.ts';
export { WEFT_DIRECTORY } from './weft-directory.ts';
