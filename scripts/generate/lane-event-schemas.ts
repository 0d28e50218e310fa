import {
  GUEST_RIGHTS,
  MAX_DEVICE_CHARACTERS,
  MAX_MEMBER_ID_CHARACTERS,
  MAX_MESSAGE_CHARACTERS,
  MAX_PEER_PATCH_BYTES,
  MAX_PEER_PROBLEMS,
  MAX_RELAY_URL_CHARACTERS,
  MAX_TICKET_CHARACTERS,
  MAX_TICKET_LIFE_MS,
  MAX_TRANSPORTS,
  MEMBER_EVENTS,
  MEMBER_STATE_EVENT,
  PEER_EVENT,
  PEER_TRANSPORT,
  RELAY_TRANSPORT,
  RTC_APPLICATION,
  RTC_CALL_ID,
  RTC_SLOT_ID,
  SLOT_EVENTS,
  TICKET_EVENT,
  TICKET_REFUSAL_CODES,
  TICKET_REFUSED_EVENT,
  TICKET_REQUEST_EVENT,
} from '@weft/protocol';
import { head, messageEvent, stateEvent, USER_ID } from './event-frame.ts';
import type { JsonRecord } from './json.ts';

const MAX_PEER_PATCH_CHARACTERS = Math.ceil((MAX_PEER_PATCH_BYTES * 4) / 3);

const nonce: JsonRecord = {
  description: 'At random, new for each request.',
  type: 'string',
  pattern: '^[A-Za-z0-9_-]{22,86}$',
};
const room: JsonRecord = {
  description: 'The room that is the world.',
  type: 'string',
  pattern: '^!',
  maxLength: 255,
};
const memberId: JsonRecord = {
  description: 'Names the client among those on the lane: at random, new for each run.',
  type: 'string',
  minLength: 1,
  maxLength: MAX_MEMBER_ID_CHARACTERS,
};
const device: JsonRecord = {
  description: 'A device of the sender.',
  type: 'string',
  minLength: 1,
  maxLength: MAX_DEVICE_CHARACTERS,
};
const key: JsonRecord = {
  description: "The session's Ed25519 public key in base64url.",
  type: 'string',
  pattern: '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$',
};
const url: JsonRecord = {
  description: 'The base address of the relay.',
  type: 'string',
  pattern:
    '^(?:wss://|ws://(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1\\])(?::|/|$))[^?#@\\\\\\s]*[^/?#@\\\\\\s]$',
  maxLength: MAX_RELAY_URL_CHARACTERS,
};
const actor: JsonRecord = {
  description: 'The actor of this run.',
  type: 'string',
  pattern: '^(?!(?:__proto__|constructor|prototype)$)[A-Za-z0-9_-]{8,64}$',
};
const problem: JsonRecord = {
  description: 'One reason.',
  type: 'object',
  required: ['object_id', 'code', 'message'],
  properties: {
    object_id: { description: 'The object.', type: 'string', pattern: '^(?!root$)[A-Za-z0-9_-]{1,64}$' },
    path: {
      description: 'The property; absent where the object as a whole is meant.',
      type: 'string',
      pattern: '^[a-z][A-Za-z0-9_:-]*\\.[A-Za-z_][A-Za-z0-9_-]{0,63}$',
    },
    code: { description: 'For programs, as relays name it.', type: 'string', minLength: 1, maxLength: 32 },
    message: { description: 'For people.', type: 'string', minLength: 1, maxLength: MAX_MESSAGE_CHARACTERS },
  },
};
const whole: JsonRecord = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

/** A relay, as events and homeservers name it. */
export const transport: JsonRecord = {
  description: 'A relay.',
  type: 'object',
  required: ['type', 'url', 'user_id'],
  properties: {
    type: { const: RELAY_TRANSPORT },
    url,
    user_id: {
      description: 'The Matrix user of the relay.',
      type: 'string',
      pattern: USER_ID,
      maxLength: 255,
    },
  },
};

const transports: JsonRecord = { type: 'array', maxItems: MAX_TRANSPORTS, items: transport };

const peer: JsonRecord = {
  description: 'The homeservers themselves, from device to device: for who has no relay.',
  type: 'object',
  required: ['type'],
  properties: { type: { const: PEER_TRANSPORT } },
};

/** What a member publishes: relays, or that it has none. */
const published: JsonRecord = {
  type: 'array',
  maxItems: MAX_TRANSPORTS + 1,
  items: { anyOf: [transport, peer] },
};

/** What `world.weft.world` says of the lane. */
export const lanePolicy: JsonRecord = {
  relays: {
    ...transports,
    description: 'The relays that the world trusts, in the order in which they are tried.',
  },
  guests: { description: 'What guests may do; off where it is absent.', enum: [...GUEST_RIGHTS] },
};

/** The schemas of events by which relays are found and asked, and by which peers talk, by event type. */
export function laneEvents(): readonly [string, JsonRecord][] {
  return [
    toDevice(TICKET_REQUEST_EVENT, 'Ticket request', 'Asks a relay to let a client in.', {
      required: ['room_id', 'member_id', 'nonce', 'device_id', 'purpose'],
      properties: { room_id: room, member_id: memberId, nonce, device_id: device },
      oneOf: [
        { type: 'object', required: ['key'], properties: { purpose: { const: 'lane' }, key } },
        { type: 'object', properties: { purpose: { const: 'service' } } },
      ],
    }),
    toDevice(TICKET_EVENT, 'Ticket', 'Lets a client in, once.', {
      required: ['nonce', 'ticket', 'expires_ms', 'url'],
      properties: {
        nonce,
        ticket: {
          description: 'Goes into hello.',
          type: 'string',
          minLength: 1,
          maxLength: MAX_TICKET_CHARACTERS,
        },
        expires_ms: {
          description: 'For how many milliseconds from now.',
          type: 'integer',
          minimum: 0,
          maximum: MAX_TICKET_LIFE_MS,
        },
        url,
      },
    }),
    toDevice(TICKET_REFUSED_EVENT, 'Ticket refused', 'Does not let a client in.', {
      required: ['nonce', 'code', 'reason'],
      properties: {
        nonce,
        code: { description: 'For programs.', enum: [...TICKET_REFUSAL_CODES] },
        reason: {
          description: 'For people.',
          type: 'string',
          minLength: 1,
          maxLength: MAX_MESSAGE_CHARACTERS,
        },
      },
    }),
    toDevice(PEER_EVENT, 'Peer', 'What members tell each other where there is no relay.', {
      required: ['kind', 'room_id', 'member_id', 'n'],
      properties: {
        room_id: room,
        member_id: memberId,
        n: { ...whole, minimum: 1, description: 'Grows by one.' },
      },
      oneOf: [
        {
          type: 'object',
          required: ['patch'],
          properties: {
            kind: { enum: ['patch', 'retract'] },
            patch: {
              description: 'A patch of the lane in base64url.',
              type: 'string',
              pattern: '^[A-Za-z0-9_-]+$',
              maxLength: MAX_PEER_PATCH_CHARACTERS,
            },
          },
        },
        {
          type: 'object',
          required: ['actor'],
          properties: { kind: { const: 'hello' }, actor },
        },
        {
          type: 'object',
          required: ['actor'],
          properties: {
            kind: { const: 'here' },
            actor,
            of: {
              ...whole,
              minimum: 1,
              description: 'The number of the hello that it answers, if it answers one.',
            },
          },
        },
        {
          type: 'object',
          required: ['of', 'problems'],
          properties: {
            kind: { const: 'refused' },
            of: { ...whole, minimum: 1, description: 'The number of the message that was refused.' },
            problems: { type: 'array', minItems: 1, maxItems: MAX_PEER_PROBLEMS, items: problem },
          },
        },
        { type: 'object', properties: { kind: { const: 'bye' } } },
      ],
    }),
    [SLOT_EVENTS[0], slotEvent()],
    [MEMBER_EVENTS[0], memberEvent()],
    [MEMBER_STATE_EVENT, memberStateEvent()],
  ];
}

function toDevice(
  type: string,
  title: string,
  description: string,
  content: JsonRecord,
): [string, JsonRecord] {
  return [
    type,
    {
      ...head(type, title, `${description} Sent to a device, as rtc.md has it.`),
      ...messageEvent(type, { type: 'object', ...content }),
    },
  ];
}

function slotEvent(): JsonRecord {
  const [type] = SLOT_EVENTS;
  return {
    ...head(type, 'Slot', 'Opens a world to the lane, as rtc.md has it.'),
    ...stateEvent(
      type,
      { const: RTC_SLOT_ID },
      {
        type: 'object',
        required: ['status', 'application'],
        properties: {
          status: { enum: ['open', 'closed'] },
          application: {
            type: 'object',
            required: ['type'],
            properties: { type: { const: RTC_APPLICATION } },
          },
        },
      },
    ),
  };
}

function memberEvent(): JsonRecord {
  const [type] = MEMBER_EVENTS;
  const sticky = { sticky_key: memberId, msc4354_sticky_key: memberId };
  return {
    ...head(type, 'Member', 'A client on the lane, as rtc.md has it. Sent as a sticky event.'),
    ...messageEvent(type, {
      type: 'object',
      required: ['slot_id', 'member', ...Object.keys(sticky)],
      properties: { slot_id: { const: RTC_SLOT_ID }, ...sticky },
      oneOf: [
        {
          type: 'object',
          required: ['application', 'transports', 'rtc_transports'],
          properties: {
            member: {
              type: 'object',
              required: ['id', 'membership'],
              properties: { id: memberId, membership: { const: 'join' }, device_id: device },
            },
            application: {
              type: 'object',
              required: ['type'],
              properties: { type: { const: RTC_APPLICATION }, session_key: key },
            },
            transports: {
              type: 'object',
              required: ['published', 'can_subscribe'],
              properties: {
                published,
                can_subscribe: { type: 'array', items: { type: 'string' } },
              },
            },
            rtc_transports: { ...published, description: 'The same, as deployed libraries read it.' },
            versions: { type: 'array' },
          },
        },
        {
          type: 'object',
          properties: {
            member: {
              type: 'object',
              required: ['id', 'membership'],
              properties: { id: memberId, membership: { const: 'leave' } },
            },
            leave_reason: {
              type: 'object',
              properties: { code: { type: 'string' }, reason: { type: 'string' } },
            },
          },
        },
      ],
    }),
  };
}

function memberStateEvent(): JsonRecord {
  return {
    ...head(
      MEMBER_STATE_EVENT,
      'Member in state',
      'A client on the lane where there are no sticky events, as rtc.md has it.',
    ),
    ...stateEvent(
      MEMBER_STATE_EVENT,
      {
        type: 'string',
        pattern: `^_@.*_${RTC_APPLICATION.replace('.', '\\.')}#${RTC_CALL_ID}$`,
        maxLength: 255,
      },
      {
        anyOf: [
          {
            type: 'object',
            required: [
              'application',
              'call_id',
              'device_id',
              'membershipID',
              'created_ts',
              'expires',
              'foci_preferred',
              'focus_active',
            ],
            properties: {
              application: { const: RTC_APPLICATION },
              call_id: { const: RTC_CALL_ID },
              scope: { const: 'm.room' },
              device_id: device,
              membershipID: memberId,
              created_ts: { ...whole, description: 'Milliseconds since 1970.' },
              expires: { ...whole, description: 'For how many milliseconds after that.' },
              foci_preferred: published,
              focus_active: {
                type: 'object',
                required: ['type', 'focus_selection'],
                properties: {
                  type: { enum: [RELAY_TRANSPORT, PEER_TRANSPORT] },
                  focus_selection: { type: 'string' },
                },
              },
              session_key: key,
            },
          },
          { description: 'Left.', type: 'object', maxProperties: 0 },
        ],
      },
    ),
  };
}
