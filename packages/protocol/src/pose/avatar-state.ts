/** What an avatar does, in the order of its numbers on the wire; a reader takes a number beyond them for the first. */
export const AVATAR_STATES = [
  'stand',
  'walk',
  'run',
  'jump',
  'fall',
  'fly',
  'swim',
  'sit',
  'lie',
  'wave',
  'nod',
  'shake',
  'point',
  'clap',
  'dance',
] as const;

/** What an avatar does beside moving; how that looks is for whoever draws it. */
export type AvatarState = (typeof AVATAR_STATES)[number];

const STANDING: AvatarState = 'stand';

export function stateNumber(state: AvatarState): number {
  return AVATAR_STATES.indexOf(state);
}

/** Of a number that a later version may have added, the first state. */
export function avatarState(number: number): AvatarState {
  return AVATAR_STATES[number] ?? STANDING;
}
