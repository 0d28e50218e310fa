import { Color } from 'three';

/** The colour in which a user is shown: the same one everywhere, and for most pairs of users another. */
export function userColour(user: string): Color {
  let hash = 0x811c9dc5;
  for (let at = 0; at < user.length; at += 1) hash = Math.imul(hash ^ user.charCodeAt(at), 0x01000193);
  return new Color().setHSL((hash >>> 0) / 2 ** 32, 0.55, 0.55);
}
