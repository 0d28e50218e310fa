export type { UnreadCarrier } from './blob/blob-shelf.ts';
export type { FetchBlob } from './blob/fetch-blob.ts';
export {
  CHAT_BURST,
  CHAT_PAUSE_MS,
  type Heard,
  MAX_SAID_WAITING,
  RoomChat,
  type RoomChatOptions,
} from './chat/room-chat.ts';
export {
  type CreateWorldRoomOptions,
  createWorldRoom,
  MAX_SEED_OBJECTS,
  WORLD_ROOM_VERSION,
} from './create-world.ts';
export {
  type ErrorAnswer,
  errorOfAnswer,
  HOMESERVER_ADVICE,
  HomeserverError,
  type HomeserverErrorCode,
  type HomeserverErrorDetails,
} from './errors.ts';
export {
  AVATAR_EVENT,
  BUNDLE_EVENT,
  COMPONENT_EVENT,
  FILE_KEY,
  LAYER_EVENT,
  OBJECT_EVENT,
  PERSONAL_EVENT,
  RULE_EVENT,
  WORLD_EVENT,
  WORLD_ROOM_TYPE,
} from './event-types.ts';
export type { Verification } from './guard/verification.ts';
export {
  MAX_LOG_ENTRIES,
  MAX_LOG_EVENTS,
  type ReadLogOptions,
  type RoomLog,
  readLog,
} from './history/log.ts';
export type { LogChange, LogChangeKind, LogEntry } from './history/log-entry.ts';
export { MAX_MOMENT_EVENTS, type MomentOptions, type RoomMoment, readMoment } from './history/moment.ts';
export {
  type HistorySource,
  MAX_HISTORY_PAGES,
  type WalkEnd,
  type WalkProgress,
} from './history/timeline-walk.ts';
export type {
  CreateRoomRequest,
  DownloadOptions,
  Following,
  FollowOptions,
  Homeserver,
  Redaction,
  RoomListener,
  RoomUpdate,
  TimelinePage,
  TimelineRequest,
  UploadOptions,
} from './homeserver.ts';
export {
  type EventId,
  isEventId,
  isMxcUri,
  isRoomAlias,
  isRoomId,
  type MxcUri,
  mxcParts,
  parseEventId,
  parseMxcUri,
  parseRoomAlias,
  parseRoomId,
  type RoomAlias,
  type RoomId,
  serverOf,
} from './ids.ts';
export type { Journal } from './journal/journal.ts';
export { type JournalContents, peekJournal } from './journal/journal-contents.ts';
export type { OpenedJournal } from './journal/open-journal.ts';
export { decodeRemains } from './journal/remains-record.ts';
export { type ConnectOptions, connectHomeserver, type HomeserverLogin } from './js-sdk/connect.ts';
export { LateHomeserver, type LateHomeserverOptions } from './js-sdk/late-homeserver.ts';
export type { JsonRecord } from './json.ts';
export { type Invitation, type LobbyListener, MAX_INVITATIONS } from './lobby.ts';
export {
  type Access,
  EVENT_LEVEL,
  ROLE_LEVEL,
  type Role,
  roleOfLevel,
  worldPowerLevels,
} from './power-levels.ts';
export { reportUncaught } from './report-uncaught.ts';
export type { MessageContent, RequestOptions, StateContent } from './request.ts';
export { decodeCarrier } from './room/decode-carrier.ts';
export type { Member, Membership } from './room/members.ts';
export { type OpenRoomOptions, openRoom } from './room/open-room.ts';
export { type OpenRoomJournalOptions, openRoomJournal } from './room/open-room-journal.ts';
export { levelForState } from './room/policy.ts';
export type { RoomSession } from './room/session.ts';
export type { RoomSessionEvents } from './room/session-events.ts';
export type { RoomProblem } from './room/stages.ts';
export type { Standing } from './room/standing.ts';
export { stateDigest } from './room/state-digest.ts';
export { parseRoomEvent, type RoomEvent, redactionTarget } from './room-event.ts';
export { parseRoomReference, type RoomReference } from './room-reference.ts';
export {
  type InviteRelayOptions,
  inviteRelay,
} from './rtc/invite-relay.ts';
export { type PeerDevice, PeerMail, type PeerMailOptions } from './rtc/peer-mail.ts';
export {
  type LaneAnnouncement,
  type LaneTicketRequest,
  MAX_PUBLISHED_RELAYS,
  RtcSignalling,
  type RtcSignallingOptions,
} from './rtc/rtc-signalling.ts';
export { TicketDesk, type TicketDeskOptions } from './rtc/ticket-desk.ts';
export { MAX_RTC_TRANSPORTS, type RtcFeatures, type RtcServer } from './rtc-server.ts';
export {
  MAX_STICKY_EVENTS,
  MAX_STICKY_MS,
  parseStickyEvent,
  type StickyEvent,
} from './sticky-event.ts';
export { type Stop, systemTimers, type Timers } from './timers.ts';
export {
  MAX_TO_DEVICE_BYTES,
  MAX_TO_DEVICE_MESSAGES,
  parseMessage,
  type ReceivedToDevice,
  type ToDeviceMessage,
} from './to-device.ts';
export {
  MAX_UPGRADE_STEPS,
  newestRoom,
  predecessorOf,
  type UpgradeSource,
} from './upgrade/follow-upgrades.ts';
export { carryBans, type HandOverPorts, moveAliases, replaceRoom } from './upgrade/hand-over.ts';
export { MAX_SEARCHED_ROOMS, ownWorlds } from './upgrade/own-worlds.ts';
export {
  findSuccessor,
  makeSuccessor,
  type SuccessorPorts,
} from './upgrade/successor-room.ts';
export { worldStateOf } from './upgrade/world-state.ts';
export type { WriteCost } from './writer/cost.ts';
