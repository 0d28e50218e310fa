export type {
  Channel,
  ChannelEvents,
  ChannelOptions,
  DocumentPort,
  LaneEvent,
  LanePerson,
  Lease,
  LeaseChange,
  OpenChannel,
  PresencePort,
} from './channel.ts';
export type { LaneProblem, LaneReplica } from './lane-replica.ts';
export type { LaneSocket, LaneSocketListener, OpenLaneSocket } from './lane-socket.ts';
export type { LaneProgress, LaneStage, LaneStatus } from './lane-status.ts';
export type { SessionKey } from './session-key.ts';
export type { Announcement, Signalling, Ticket, TicketRequest } from './signalling.ts';
