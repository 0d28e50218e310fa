export {
  chatContent,
  isSaying,
  MAX_SAID_CHARACTERS,
  MAX_SAID_TOGETHER,
  newSaying,
  readChat,
  readSay,
  SAID_KEY,
  SAY_EVENT,
  type Said,
  sayData,
} from './chat/said.ts';
export { CLOSE_CODES } from './close-codes.ts';
export { decodeFrame } from './decode-frame.ts';
export { encodeFrame } from './encode-frame.ts';
export type { Ack } from './frame/ack.ts';
export type { ByeDown } from './frame/bye-down.ts';
export type { ByeUp } from './frame/bye-up.ts';
export type { Clock } from './frame/clock.ts';
export type { ClockUp } from './frame/clock-up.ts';
export type { Digest } from './frame/digest.ts';
export type { DigestUp } from './frame/digest-up.ts';
export type { DocumentDown } from './frame/document-down.ts';
export type { DocumentUp } from './frame/document-up.ts';
export type { Draining } from './frame/draining.ts';
export type { EventDown } from './frame/event-down.ts';
export type { EventUp } from './frame/event-up.ts';
export type { Direction, FrameKind } from './frame/frame.ts';
export type { Hello } from './frame/hello.ts';
export type { Keeping } from './frame/keeping.ts';
export type { LeaseAnswer } from './frame/lease-answer.ts';
export type { LeaseDown } from './frame/lease-down.ts';
export type { LeaseHandUp } from './frame/lease-hand-up.ts';
export type { LeaseUp } from './frame/lease-up.ts';
export type { MoverUp } from './frame/mover-up.ts';
export type { MoverEntry, Movers } from './frame/movers.ts';
export type { PatchDown } from './frame/patch-down.ts';
export type { PatchUp } from './frame/patch-up.ts';
export type { People } from './frame/people.ts';
export { CREATOR_LEVEL, type PersonEntry } from './frame/person-entry.ts';
export type { PoseDown } from './frame/pose-down.ts';
export type { PoseFlow } from './frame/pose-flow.ts';
export type { PoseRate } from './frame/pose-rate.ts';
export type { PoseUp } from './frame/pose-up.ts';
export type { Position } from './frame/position.ts';
export type { PresenceDown } from './frame/presence-down.ts';
export type { PresenceState } from './frame/presence-state.ts';
export type { PresenceUp } from './frame/presence-up.ts';
export type { Reject, RejectProblem } from './frame/reject.ts';
export type { Retract } from './frame/retract.ts';
export type { RetractUp } from './frame/retract-up.ts';
export type { Role } from './frame/role.ts';
export type { Snapshot } from './frame/snapshot.ts';
export type { ViewUp } from './frame/view-up.ts';
export type { LaneLimits, Welcome } from './frame/welcome.ts';
export { type FrameJson, frameToJson } from './frame-json.ts';
export { DOWN_FRAMES, type DownFrame, type Frame, UP_FRAMES, type UpFrame } from './frames.ts';
export {
  LANE_VERSION,
  MAX_DEVICE_CHARACTERS,
  MAX_DOCUMENT_BYTES,
  MAX_EVENT_NAME_CHARACTERS,
  MAX_FORMER_ACTORS,
  MAX_FRAME_BYTES,
  MAX_FRAME_DEPTH,
  MAX_FRAME_ELEMENTS,
  MAX_FRAME_RECORD_MEMBERS,
  MAX_HELLO_BYTES,
  MAX_MESSAGE_CHARACTERS,
  MAX_MOVERS,
  MAX_PATCH_ACTORS,
  MAX_PATCH_BYTES,
  MAX_PATCH_FRAME_BYTES,
  MAX_PATCH_OBJECTS,
  MAX_PATCH_PATHS,
  MAX_PATCH_REGISTERS,
  MAX_PEOPLE,
  MAX_POSE_DOWN_BYTES,
  MAX_POSE_UP_BYTES,
  MAX_POSES_PER_SECOND,
  MAX_PRESENCE_BYTES,
  MAX_REASON_CHARACTERS,
  MAX_REJECT_PROBLEMS,
  MAX_SNAPSHOT_CHUNK_BYTES,
  MAX_TICKET_CHARACTERS,
} from './limits.ts';
export { decodeWirePatch, readWirePatch } from './patch/decode-wire-patch.ts';
export { encodeWirePatch } from './patch/encode-wire-patch.ts';
export type { WirePatch } from './patch/wire-patch.ts';
export {
  MAX_PEER_DEVICES,
  MAX_PEER_PATCH_BYTES,
  PEER_EVENT,
  type PeerBody,
  type PeerMessage,
  peerContent,
  readPeerMessage,
} from './peer/peer-message.ts';
export { MAX_PEER_PROBLEMS, type PeerProblem } from './peer/peer-problem.ts';
export { AVATAR_STATES, type AvatarState, avatarState } from './pose/avatar-state.ts';
export { encodeFlow } from './pose/encode-flow.ts';
export { encodePoses } from './pose/encode-poses.ts';
export type { FlowCourse, FlowPoint } from './pose/flow-course.ts';
export { MAX_FLOW_AGE_MS } from './pose/flow-layout.ts';
export { MAX_MOVER_HANDLE, type MoverHandle } from './pose/mover-handle.ts';
export {
  ALL_PARTS,
  type MoverPose,
  OTHER_PARTS,
  type PartPose,
  type PartSet,
  partSetOf,
} from './pose/mover-pose.ts';
export { PoseReader, type PoseUpdate } from './pose/pose-reader.ts';
export { poseTime, relayTimeOf } from './pose/pose-time.ts';
export { type OwnPose, PoseWriter } from './pose/pose-writer.ts';
export { quantisePose } from './pose/quantise-pose.ts';
export {
  MAX_PART_METRES,
  MAX_POSE_HEIGHT_METRES,
  MAX_POSE_METRES,
  MAX_POSE_SPEED,
  POSE_CELL_METRES,
  POSE_UNITS_PER_METRE,
  poseCell,
  poseOf,
  type QuantisedPose,
} from './pose/quantised-pose.ts';
export {
  type FlowTelling,
  type FlowUpdate,
  writeFlowAnew,
  writeFlowHidden,
  writeFlowOn,
} from './pose/write-flow-update.ts';
export { type PoseTelling, writeHidden, writePoseUpdate } from './pose/write-pose-update.ts';
export { ProtocolError, type ProtocolErrorCode, type ProtocolErrorDetails } from './protocol-error.ts';
export { rejectProblems } from './reject-problems.ts';
export { RTC_TRANSPORTS_PATHS, readRtcTransports, readWellKnownRelays } from './rtc/discovery.ts';
export type { LaneMember } from './rtc/lane-member.ts';
export {
  MEMBER_EVENTS,
  MEMBER_STICKY_MS,
  memberContent,
  memberLeftContent,
  memberStickyKey,
  readMember,
} from './rtc/member-event.ts';
export {
  MAX_MEMBER_PLACES,
  MAX_MEMBER_STATE_LIFE_MS,
  MEMBER_STATE_EVENT,
  MEMBER_STATE_LIFE_MS,
  memberStateContent,
  memberStateKey,
  readMemberState,
  type StateMember,
} from './rtc/member-state.ts';
export { hasPeerTransport, PEER_TRANSPORT, peerTransport } from './rtc/peer-transport.ts';
export {
  isRelayUrl,
  laneUrl,
  MAX_RELAY_URL_CHARACTERS,
  MAX_TRANSPORTS,
  RELAY_TRANSPORT,
  type RelayTransport,
  readRelayTransport,
  readRelayTransports,
  relayTransport,
  serviceUrl,
} from './rtc/relay-transport.ts';
export {
  isOpenSlot,
  openSlotContent,
  RTC_APPLICATION,
  RTC_CALL_ID,
  RTC_SLOT_ID,
  SLOT_EVENTS,
} from './rtc/slot.ts';
export { isRunId, newRunId, type RunId } from './run-id.ts';
export { type HelloParts, helloBytes } from './ticket/hello-bytes.ts';
export { isNonce } from './ticket/nonce.ts';
export { TicketRefused } from './ticket/refusal.ts';
export { isSessionKey } from './ticket/session-key.ts';
export {
  MAX_TICKET_LIFE_MS,
  readTicket,
  TICKET_EVENT,
  type TicketMessage,
  ticketContent,
} from './ticket/ticket.ts';
export {
  readTicketRefused,
  TICKET_REFUSAL_CODES,
  TICKET_REFUSED_EVENT,
  type TicketRefusalCode,
  type TicketRefusedMessage,
  ticketRefusedContent,
} from './ticket/ticket-refused.ts';
export {
  MAX_MEMBER_ID_CHARACTERS,
  MAX_TICKET_CONTENT_BYTES,
  readTicketRequest,
  TICKET_REQUEST_EVENT,
  type TicketPurpose,
  type TicketRequestMessage,
  ticketRequestContent,
} from './ticket/ticket-request.ts';
export type { Session } from './wire/ids.ts';
export {
  type AvatarModel,
  avatarContent,
  MAX_AVATAR_BYTES,
  MAX_AVATAR_HEIGHT_METRES,
  MAX_AVATAR_MODEL_BYTES,
  MAX_AVATAR_NAME_CHARACTERS,
  MAX_AVATAR_SRC_CHARACTERS,
  MIN_AVATAR_HEIGHT_METRES,
  readAvatarModel,
} from './world/avatar-model.ts';
export { GUEST_RIGHTS, type GuestRights, type LanePolicy, readLanePolicy } from './world/lane-policy.ts';
