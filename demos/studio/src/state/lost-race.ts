import { canonicalJson, fieldsOf, type ObjectId, type Path, type SceneObject } from '@weft/core';
import type { LostValue, Superseded } from '@weft/world';
import type { Complaint } from './complaint.ts';
import { shortName } from './short-name.ts';
import type { StudioWorld } from './studio-world.ts';

const MAX_NAMED = 3;

/** What people call what they lost a race for. */
export interface Names {
  /** `null` where it is not to be seen. */
  readonly object: (id: string) => string | null;
  readonly user: (id: string) => string;
}

/**
 * Tells of own changes that gave way to newer ones before anybody saw them. What others had on the lane when they went
 * on from it was no race: it changed before everybody's eyes.
 *
 * @returns stops it
 */
export function followLostRaces(world: StudioWorld, tell: (lost: Superseded) => void): () => void {
  // As each object was here when a relay had all of it: a relay also takes what is late already.
  const shared = new Map<ObjectId, SceneObject | undefined>();
  const stops = [
    world.on('change', ({ origin, added, changed }) => {
      if (origin !== 'local' && origin !== 'undo') return;
      for (const id of [...added, ...changed.keys()]) shared.delete(id);
    }),
    world.on('stage', (ids) => {
      for (const id of ids) if (world.stage(id) === 'held' && !shared.has(id)) shared.set(id, world.get(id));
    }),
    world.on('superseded', (all) => {
      const lost = all.lost.filter((value) => !wasSeen(value, shared.get(value.object)));
      if (lost.length === 0) return;
      tell({ ...all, lost, objects: [...new Set(lost.map(({ object }) => object))] });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function wasSeen({ path, value }: LostValue, shown: SceneObject | undefined): boolean {
  const [component = '', property = ''] = path.split('.');
  const seen = shown?.component(component)?.[property];
  return seen !== undefined && canonicalJson(seen) === canonicalJson(value);
}

/** What to tell somebody whose changes gave way to newer ones, made while one of the two was away. */
export function lostRaceNotice({ lost }: Superseded, names: Names): Complaint {
  const winners = new Set(lost.flatMap(({ winner }) => winner?.authors ?? []));
  const [winner] = winners;
  const whose = winners.size === 1 && winner !== undefined ? `${shortName(names.user(winner))}’s` : 'Others’';
  const lines = [...linesOf(lost, names)];
  const more = lines.length > MAX_NAMED ? [`and ${lines.length - MAX_NAMED} more`] : [];
  return {
    headline: `${whose} later change${lost.length === 1 ? '' : 's'} replaced yours`,
    reason: [...lines.slice(0, MAX_NAMED), ...more].join('; '),
    hint: null,
    details: null,
  };
}

function* linesOf(lost: readonly LostValue[], names: Names): Generator<string> {
  const byObject = new Map<string, Path[]>();
  for (const { object, path } of lost) byObject.set(object, [...(byObject.get(object) ?? []), path]);
  for (const [object, paths] of byObject) {
    const name = names.object(object);
    yield `${name === null ? 'an object that is gone' : `“${name}”`}: ${paths.map(labelOf).join(', ')}`;
  }
}

function labelOf(path: Path): string {
  const [component = ''] = path.split('.');
  return (
    fieldsOf(component)
      .find((field) => field.path === path)
      ?.label.toLowerCase() ?? path
  );
}
