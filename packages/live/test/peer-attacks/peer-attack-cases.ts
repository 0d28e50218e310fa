/** One way to hurt those who edit from device to device: what is tried, and what has to come of it. */
export interface PeerAttackCase {
  readonly id: string;
  readonly title: string;
  /** What the attacker does. */
  readonly tried: string;
  /** What the others are to do. */
  readonly target: string;
}

const CASES = [
  {
    id: 'outsider',
    title: 'Somebody who is out',
    tried: 'an edit from a published device whose user is not in the room any more',
    target: 'nothing taken, nothing answered',
  },
  {
    id: 'stranger',
    title: 'A stranger',
    tried: 'an edit of a stranger under the member id of a peer',
    target: 'nothing taken, nothing answered',
  },
  {
    id: 'foreign-member',
    title: 'Somebody else’s member id',
    tried: 'an edit of a member under the id of another user’s device',
    target: 'nothing taken, nothing answered',
  },
  {
    id: 'hidden-device',
    title: 'A hidden device',
    tried: 'an edit from a device that the room does not name',
    target: 'nothing taken, nothing answered',
  },
  {
    id: 'other-room',
    title: 'Another room',
    tried: 'an edit of a peer for another room',
    target: 'nothing taken, nothing answered',
  },
  {
    id: 'foreign-author',
    title: 'A forged author',
    tried: 'an edit stamped as another’s client',
    target: '`forbidden`',
  },
  {
    id: 'foreign-claim',
    title: 'A forged claim',
    tried: 'an edit that says another user is its author',
    target: '`forbidden`',
  },
  {
    id: 'known-author',
    title: 'An author that was known by another before',
    tried: 'an edit, a second newer, stamped as the client of a third who is there',
    target: '`forbidden`; the third’s edit shows',
  },
  {
    id: 'from-the-future',
    title: 'An edit from the future',
    tried: 'an edit stamped a minute and a millisecond ahead; a minute ahead is allowed',
    target: '`limit`; the other is taken',
  },
  {
    id: 'foreign-keepsake',
    title: 'Somebody else’s own object',
    tried: 'an edit of a personal object of another',
    target: '`forbidden`',
  },
  {
    id: 'visitor',
    title: 'A visitor',
    tried: 'an edit of who may only look',
    target: '`read-only`',
  },
  {
    id: 'crowded-patch',
    title: 'One among many',
    tried: 'a forbidden edit among 63 others in one message, then 65 in one',
    target: 'the 63 taken, that one `forbidden`; of the 65 none taken',
  },
  {
    id: 'foreign-retraction',
    title: 'A retraction of what others wrote',
    tried: 'to take back what a third wrote',
    target: 'it still shows',
  },
  {
    id: 'malformed',
    title: 'Messages that are none',
    tried: '13 contents that are empty, cut off, of other types, too large or made up',
    target: 'nothing taken; the next real edit is',
  },
  {
    id: 'flood',
    title: 'A flood',
    tried: '10,000 edits at once',
    target: 'no more than a burst taken; a third’s edit shows within 1 s',
  },
] as const satisfies readonly PeerAttackCase[];

export type PeerAttackId = (typeof CASES)[number]['id'];

export const PEER_ATTACK_CASES: readonly (PeerAttackCase & { readonly id: PeerAttackId })[] = CASES;
