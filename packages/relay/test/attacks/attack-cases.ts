/** One way to hurt a relay: what is tried, and what has to come of it. */
export interface AttackCase {
  readonly id: string;
  readonly title: string;
  /** What the attacker does. */
  readonly tried: string;
  /** What the relay is to answer. */
  readonly target: string;
}

const CASES = [
  // Connections
  {
    id: 'silent-connections',
    title: 'Silent connections',
    tried: '1,000 TCP connections that never send a byte',
    target: 'closed within 5 s, at most 64 KiB each',
  },
  {
    id: 'silent-sockets',
    title: 'Silent sockets',
    tried: '1,000 lane sockets that never say hello, while somebody works in a world',
    target:
      'closed with 4408 after 5 s and before 6, at most 64 KiB each; the other is answered within 1 s throughout',
  },
  {
    id: 'dripping-headers',
    title: 'Dripping headers',
    tried: '200 requests whose headers come a byte at a time',
    target: 'closed within 5 s',
  },
  {
    id: 'dripping-body',
    title: 'A dripping body',
    tried: '100 requests whose bodies come a byte at a time, where 2 s are allowed',
    target: 'closed within 3 s',
  },
  {
    id: 'crowd-of-one',
    title: 'A crowd of one address',
    tried: '300 sockets of one address, where 256 are allowed',
    target: '256 open, the others refused',
  },
  {
    id: 'frames-before-hello',
    title: 'Frames before hello',
    tried: '50 frames of each kind that clients send, without a hello',
    target: 'closed with 4401 at the first, nothing applied',
  },
  {
    id: 'endless-hello',
    title: 'A hello that does not end',
    tried: '1 MiB before hello: in one message, in pieces, and as pongs that nobody asked for',
    target: 'closed with 4413 once more than 65 KiB came',
  },
  // Bytes
  {
    id: 'giant-frame',
    title: 'A giant frame',
    tried: 'a frame of 100 MiB, before hello and after it',
    target: 'closed (1009 after hello), memory grows by at most 16 MiB',
  },
  {
    id: 'tiny-fragments',
    title: 'Tiny fragments',
    tried: 'one message in 131,072 pieces',
    target: 'closed with 1008 after 256 pieces, memory grows by at most 16 MiB',
  },
  {
    id: 'dripped-frame',
    title: 'A dripped frame',
    tried: 'one frame of 1 MiB, a byte at a time',
    target: 'closed with 1008 once it waits in 4,096 chunks',
  },
  {
    id: 'deflate-bomb',
    title: 'A deflate bomb',
    tried: 'permessage-deflate is offered, then 64 MiB of zeros come deflated',
    target: 'not accepted; the frame closes with 1002',
  },
  {
    id: 'bad-framing',
    title: 'Framing that is none',
    tried:
      'no mask, reserved bits, reserved opcodes, control frames of 126 bytes or in pieces, a lone continuation',
    target: 'each closed with 1002',
  },
  {
    id: 'bad-text',
    title: 'Text that is none',
    tried: 'text and close reasons that are no UTF-8; text that is',
    target: 'closed with 1007; 4400',
  },
  {
    id: 'mutated-frames',
    title: 'Mutated frames',
    tried: '500 frames after hello, each with bytes turned, cut or put in',
    target: 'closed with a code or taken for what they say, never 1011; the relay lives',
  },
  {
    id: 'wrong-direction',
    title: 'Frames of the wrong direction',
    tried: 'each kind of frame that only relays send',
    target: 'closed with 4400, nobody hears of it',
  },
  // Tickets
  {
    id: 'replayed-ticket',
    title: 'A replayed ticket',
    tried: 'the hello of somebody who is inside, byte for byte',
    target: 'closed with 4401, the other stays',
  },
  {
    id: 'foreign-ticket',
    title: 'A foreign ticket',
    tried: 'somebody else’s ticket, signed with an own key',
    target: 'closed with 4401',
  },
  {
    id: 'forged-signature',
    title: 'A forged signature',
    tried: 'an own ticket with each of 64 bytes of the signature turned',
    target: 'closed with 4401',
  },
  {
    id: 'expired-ticket',
    title: 'An expired ticket',
    tried: 'a ticket a moment after its time',
    target: 'closed with 4401',
  },
  {
    id: 'wrong-room',
    title: 'A ticket for another world',
    tried: 'a ticket of one world at another',
    target: 'closed with 4401',
  },
  {
    id: 'wrong-url',
    title: 'A hello for another relay',
    tried: 'a hello signed for another address, carried here by whoever heard it',
    target: 'closed with 4401',
  },
  {
    id: 'kicked-ticket',
    title: 'The ticket of somebody who was kicked',
    tried: 'a ticket from before the kick, and the socket that is open',
    target: 'closed with 4401 or 4403; the socket is closed within 1 s',
  },
  {
    id: 'guessed-tickets',
    title: 'Guessed tickets',
    tried: '1,000 tickets at the lane, 1,000 where services show theirs',
    target: 'all closed with 4401, all 401, with one text each',
  },
  {
    id: 'unknown-or-forbidden',
    title: 'Which worlds are there',
    tried: 'tickets for unknown and for forbidden worlds, 2,000 of each, their texts and times compared',
    target: 'one text; medians within a factor of two',
  },
  // Inside
  {
    id: 'slow-reader',
    title: 'A slow reader',
    tried: 'a socket that reads nothing while a builder writes 24 MiB',
    target: 'at most 9 MiB wait for it, then 4508; everybody else gets everything',
  },
  {
    id: 'frame-flood',
    title: 'A flood of frames',
    tried: '5,000 frames at once, where 400 and 200 a second are allowed',
    target: 'closed with 4429; the others are answered within 1 s',
  },
  {
    id: 'ping-flood',
    title: 'Pings whose answers nobody reads',
    tried: '100,000 pings of 125 bytes, without reading',
    target: 'closed, memory grows by at most 16 MiB',
  },
  {
    id: 'visitor-writes',
    title: 'A visitor who writes',
    tried: 'each kind of frame that changes a world, by somebody without the role',
    target: 'nothing applied, nobody hears of it',
  },
  {
    id: 'forged-author',
    title: 'A forged author',
    tried: 'edits under somebody else’s actor, and a hello with it',
    target: 'refused, nothing applied',
  },
  {
    id: 'from-the-future',
    title: 'An edit from the future',
    tried: 'edits stamped an hour ahead, and at the end of time',
    target: 'refused, nothing applied',
  },
  // What moves
  {
    id: 'poses-of-nothing',
    title: 'Poses that are none',
    tried:
      '120 frames of poses with bits turned, cut off, made up and all ones: there is no NaN in them, only numbers',
    target: 'closed with 4400 or taken for a pose within the world; nobody else moves or leaves',
  },
  {
    id: 'foreign-mover',
    title: 'Poses for somebody else’s avatar',
    tried: 'poses for two others’, for nobody’s, and for an own one that is gone',
    target: 'closed with 4400, the last passed over; nobody else moves',
  },
  {
    id: 'pose-flood',
    title: 'A thousand poses at once',
    tried: '1,000 poses of one avatar, as fast as they go',
    target: 'at most 40 a second are told; steps of others are seen within 1 s',
  },
  {
    id: 'pose-clocks',
    title: 'Clocks that jump',
    tried: 'poses from hours ahead and ago by turns',
    target: 'told as at most about a second old, none from the future; others are on time',
  },
  {
    id: 'teleports',
    title: 'Teleports',
    tried: 'a jump from edge to edge of the world with each pose',
    target: 'the relay lives; steps of others are seen within 1 s',
  },
  {
    id: 'kept-leases',
    title: 'Leases that are never given back',
    tried: 'a visitor takes everything that can be carried with the greatest priority, and does not let go',
    target: '64 at most, each free again when its time is over',
  },
  {
    id: 'silent-avatar',
    title: 'An avatar without a client',
    tried: 'a client that stops reading and answering while its socket stays open',
    target: 'gone within 2 s, or 3 on a busy machine',
  },
  {
    id: 'seat-robber',
    title: 'A visitor who robs seats',
    tried: 'to take the seat of who sits there, to free it, and to seat somebody else',
    target: 'refused, the other sits',
  },
] as const satisfies readonly AttackCase[];

export type AttackId = (typeof CASES)[number]['id'];

export const ATTACK_CASES: readonly (AttackCase & { readonly id: AttackId })[] = CASES;
