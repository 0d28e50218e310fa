import type { PartPose } from '@weft/protocol';
import { type Adapter, isAdapterModule } from '../peers/adapter.ts';

/** What a system calls a mover when it tells of it. */
export type MoverName = string | number;

export interface PoseClientOptions {
  readonly url: string;
  readonly setting: string;
  /** Tells clients apart; counts from 0. */
  readonly number: number;
  /** Another mover stands there now; called for each pose that comes, in the call by which its library tells of it. */
  readonly told: (name: MoverName, x: number, z: number) => void;
}

export interface PoseClient {
  /** What others are told that it is called. */
  readonly name: MoverName;
  /** Sends how it stands, at once. */
  move(pose: PartPose): void;
}

/** A system that carries how people move: its server and its client, each at home in a process of its own. */
export interface PoseAdapter extends Pick<Adapter, 'serve'> {
  /** Resolves when it can move, and hears of those who do. It lasts as long as its process. */
  connect(options: PoseClientOptions): Promise<PoseClient>;
}

/** @throws TypeError where the module is no adapter */
export async function loadPoseAdapter(url: string): Promise<PoseAdapter> {
  const module: unknown = await import(url);
  if (isAdapterModule<PoseAdapter>(module)) return module;
  throw new TypeError(`${url}: expected serve and connect`);
}
