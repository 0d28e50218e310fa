export { Keeper, type KeeperOptions } from './keeper.ts';
