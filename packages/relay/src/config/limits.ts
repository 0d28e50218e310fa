import Type from 'typebox';
import { count } from './setting.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Every limit of a relay that an operator may move. What the protocol fixes is in protocol-spec and not here. */
export const Limits = Type.Object(
  {
    sockets: count({
      description: 'Open lane sockets in all.',
      minimum: 1,
      maximum: 100_000,
      default: 4000,
    }),
    socketsPerAddress: count({
      description:
        'Connections, lane sockets among them, of one address; an IPv6 address counts by its first 64 bits. A school behind one address may need more.',
      minimum: 1,
      maximum: 100_000,
      default: 256,
    }),
    unheardSockets: count({
      description: 'Lane sockets that have not said hello, in all.',
      minimum: 1,
      maximum: 100_000,
      default: 1024,
    }),
    headersMs: count({
      description: 'How long the headers of a request may take.',
      unit: 'ms',
      minimum: 500,
      maximum: MINUTE_MS,
      default: 3000,
    }),
    requestMs: count({
      description: 'How long a whole request may take.',
      unit: 'ms',
      minimum: 500,
      maximum: 5 * MINUTE_MS,
      default: 10_000,
    }),
    requestBytes: count({
      description: 'The body of a request.',
      unit: 'bytes',
      minimum: KIB,
      maximum: 16 * MIB,
      default: 256 * KIB,
    }),
    helloMs: count({
      description: 'How soon a lane socket says hello.',
      unit: 'ms',
      minimum: 100,
      maximum: MINUTE_MS,
      default: 5000,
    }),
    pingMs: count({
      description: 'How often a lane socket that is quiet is asked whether it is there.',
      unit: 'ms',
      minimum: 100,
      maximum: MINUTE_MS,
      default: 10_000,
    }),
    silenceMs: count({
      description: 'After how long without any sign a lane socket is given up; longer than two pings.',
      unit: 'ms',
      minimum: 200,
      maximum: 5 * MINUTE_MS,
      default: 25_000,
    }),
    framesPerSecond: count({
      description: 'Frames of one socket in the long run. One that sends more is read more slowly.',
      minimum: 1,
      maximum: 100_000,
      default: 200,
    }),
    frameBurst: count({
      description: 'Frames of one socket at once. One that goes beyond by as much again is closed.',
      minimum: 1,
      maximum: 100_000,
      default: 400,
    }),
    bytesPerSecond: count({
      description: 'Bytes of one socket in the long run. One that sends more is read more slowly.',
      unit: 'bytes',
      minimum: KIB,
      maximum: 1024 * MIB,
      default: 2 * MIB,
    }),
    byteBurst: count({
      description: 'Bytes of one socket at once.',
      unit: 'bytes',
      minimum: MIB,
      maximum: 1024 * MIB,
      default: 8 * MIB,
    }),
    ticketMs: count({
      description: 'How long a ticket is good.',
      unit: 'ms',
      minimum: 1000,
      maximum: 5 * MINUTE_MS,
      default: 2 * MINUTE_MS,
    }),
    tickets: count({
      description: 'Tickets that were given and not shown yet.',
      minimum: 1,
      maximum: 1_000_000,
      default: 10_000,
    }),
    ticketsPerUser: count({
      description: 'The same of one user; one more takes the place of the oldest.',
      minimum: 1,
      maximum: 1000,
      default: 8,
    }),
    sessionMs: count({
      description: 'How long a session of a service is good.',
      unit: 'ms',
      minimum: 1000,
      maximum: HOUR_MS,
      default: HOUR_MS,
    }),
    sessions: count({
      description: 'Sessions of services.',
      minimum: 1,
      maximum: 1_000_000,
      default: 10_000,
    }),
    sessionsPerUser: count({
      description: 'The same of one user; one more takes the place of the oldest.',
      minimum: 1,
      maximum: 1000,
      default: 16,
    }),
    warmUpMs: count({
      description:
        'How long the relay may run on a world in memory when it has started and nobody has come yet, so that the first edits of people are as quick as later ones; 0 for not at all.',
      unit: 'ms',
      minimum: 0,
      maximum: MINUTE_MS,
      default: 1000,
    }),
    readyMs: count({
      description: 'How old the last answer of the homeserver may be for the relay to count as ready.',
      unit: 'ms',
      minimum: 1000,
      maximum: HOUR_MS,
      default: 90_000,
    }),
    drainMs: count({
      description: 'How long clients have to move elsewhere once the relay drains.',
      unit: 'ms',
      minimum: 0,
      maximum: 10 * MINUTE_MS,
      default: 5000,
    }),
  },
  {
    description:
      'How much of everything from one socket, one address, one user and all together. The defaults suit a machine with two cores.',
  },
);
