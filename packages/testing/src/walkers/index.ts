export { WALKER_NAMES } from './names.ts';
export { type ShowWalkersOptions, showWalkers } from './show-walkers.ts';
export { WALKERS_OF_ONE, Walkers, type WalkersOptions } from './walkers.ts';
