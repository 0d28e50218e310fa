import { fraction, toBase64Url, type UserId } from '@weft/core';
import {
  type Homeserver,
  inviteRelay,
  type JsonRecord,
  type ReceivedToDevice,
  type RoomSession,
  RtcSignalling,
} from '@weft/matrix';
import {
  type RelayTransport,
  readTicketRequest,
  relayTransport,
  TICKET_EVENT,
  TICKET_REQUEST_EVENT,
  type TicketRequestMessage,
  ticketContent,
} from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import type { TwinWorld } from './twin-world.ts';

export interface SignallingClient {
  readonly homeserver: Homeserver;
  readonly session: RoomSession;
}

/** The signalling of a client of the twin. */
export function signallingOf(
  world: Pick<TwinWorld, 'timers'>,
  { homeserver, session }: SignallingClient,
  configured: readonly RelayTransport[] = [],
): RtcSignalling {
  const random = new SeededRandom(`signalling of ${homeserver.userId}`);
  return new RtcSignalling({
    homeserver,
    session,
    timers: world.timers,
    fraction: () => fraction(random.bytes),
    configured,
    failed: (error) => {
      throw error;
    },
  });
}

export interface FakeRelay {
  readonly homeserver: Homeserver;
  readonly transport: RelayTransport;
  readonly asked: { readonly user: UserId; readonly request: TicketRequestMessage }[];
  /** What it does with a request; by default it gives a ticket. */
  answer: (message: ReceivedToDevice, request: TicketRequestMessage) => void;
}

/** A relay's account that the world knows, and that answers requests for tickets. */
export async function fakeRelay(world: TwinWorld, name: string): Promise<FakeRelay> {
  const homeserver = world.server.connect(name);
  const transport = relayTransport(`wss://${name}.test`, homeserver.userId);
  await inviteRelay(world.owner.homeserver, world.room, transport);
  await homeserver.join(world.room, []);
  await homeserver.enterLobby({ invited: () => undefined, connection: () => undefined });
  const relay: FakeRelay = {
    homeserver,
    transport,
    asked: [],
    answer({ sender }, { nonce, memberId, device }) {
      const granted = { nonce, ticket: `ticket of ${memberId}`, expiresMs: 60_000, url: transport.url };
      tell(homeserver, TICKET_EVENT, { user: sender, device }, ticketContent(granted));
    },
  };
  homeserver.onToDevice((message) => {
    const request = message.type === TICKET_REQUEST_EVENT ? readTicketRequest(message.content) : null;
    if (request === null) return;
    relay.asked.push({ user: message.sender, request });
    relay.answer(message, request);
  });
  await world.timers.advance(100);
  return relay;
}

export function tell(
  homeserver: Homeserver,
  type: string,
  to: { readonly user: UserId; readonly device: string },
  content: ReturnType<typeof ticketContent>,
): void {
  void homeserver.sendToDevice(type, [{ ...to, content }]);
}

let questions = 0;

/** What a client says when it asks for a ticket: new each time. */
export function question() {
  questions += 1;
  const key = toBase64Url(new Uint8Array(32).fill(7));
  return { memberId: `member${questions}`, nonce: String(questions).padStart(22, 'A'), key };
}

/** As a homeserver or a world lists it. */
export function listed(relay: RelayTransport): JsonRecord {
  return { ...relay };
}
