export { openChannel } from './channel/open-channel.ts';
export type {
  AvatarStanding,
  Channel,
  ChannelEvents,
  ChannelOptions,
  DocumentPort,
  LaneDigest,
  LaneEvent,
  LanePerson,
  Lease,
  LeaseChange,
  MotionPort,
  Mover,
  OpenChannel,
  PeerPorts,
  PresencePort,
} from './channel.ts';
export { createSessionKey, type SessionKeyOptions } from './create-session-key.ts';
export type { LaneProblem, LaneReplica } from './lane-replica.ts';
export type { LaneSocket, LaneSocketListener, OpenLaneSocket } from './lane-socket.ts';
export type { LaneProgress, LaneStage, LaneStatus } from './lane-status.ts';
export { asOthersSee } from './motion/as-others-see.ts';
export type { PeerDevice, PeerLetter, PeerMail } from './peer/peer-mail.ts';
export type { SessionKey } from './session-key.ts';
export type { Announcement, Signalling, Ticket, TicketRequest } from './signalling.ts';
export { webSockets } from './system/web-sockets.ts';
