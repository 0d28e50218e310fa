import { MAX_EDIT_OBJECTS, MAX_VALUE_DEPTH } from '@weft/core';

/** The version of the lane that this code speaks. */
export const LANE_VERSION = 1;

/** The largest message of a socket that has not said hello, in bytes. */
export const MAX_HELLO_BYTES = 65_536;
/** The largest message of a socket that has, in bytes. */
export const MAX_FRAME_BYTES = 1_048_576;
/** Lists and records within each other: those of a frame, and in them a value of 32 levels. */
export const MAX_FRAME_DEPTH = MAX_VALUE_DEPTH + 4;
/** Items of lists in one frame, or in one patch, all counted, members of records as several. */
export const MAX_FRAME_ELEMENTS = 131_072;
/** As how many elements a member of a record counts: a new name costs a reader several times what an item of a list does. */
export const FRAME_MEMBER_ELEMENTS = 6;
/** Members of one record: more than a value of 4,096 bytes can hold. */
export const MAX_FRAME_RECORD_MEMBERS = 1_024;
/** The largest frame that holds a patch, in bytes. */
export const MAX_PATCH_FRAME_BYTES = 262_144;
/** The largest patch: what its frame leaves when its other fields have taken 1 KiB. */
export const MAX_PATCH_BYTES = MAX_PATCH_FRAME_BYTES - 1_024;
/** Objects that one patch speaks of. */
export const MAX_PATCH_OBJECTS = MAX_EDIT_OBJECTS;
/** Registers of one patch. */
export const MAX_PATCH_REGISTERS = 32_768;
/** Different paths of one patch. */
export const MAX_PATCH_PATHS = 4_096;
/** Actors that one patch makes claims of. */
export const MAX_PATCH_ACTORS = 1_024;
/** The bytes of a Weft file that one snapshot frame holds. */
export const MAX_SNAPSHOT_CHUNK_BYTES = 65_536;
/** One message of a shared document, in bytes. */
export const MAX_DOCUMENT_BYTES = MAX_FRAME_BYTES - 1_024;
/** What a client tells of itself to other editors, in bytes of canonical JSON. */
export const MAX_PRESENCE_BYTES = 2_048;
/** The name of an event, in characters. */
export const MAX_EVENT_NAME_CHARACTERS = 64;
/** Earlier actors of a client whose edits it still sends. */
export const MAX_FORMER_ACTORS = 64;
/** What a refusal lists; more problems of one patch are not told. */
export const MAX_REJECT_PROBLEMS = 32;
/** A message for people, in characters. */
export const MAX_MESSAGE_CHARACTERS = 500;
/** Why a socket is left, in characters; RFC 6455 leaves a close frame 123 bytes. */
export const MAX_REASON_CHARACTERS = 120;
/** Sockets that one frame lists; where there are more, frames of people follow. */
export const MAX_PEOPLE = 1_024;
/** The id of a Matrix device, in characters; longer ones stay outside. */
export const MAX_DEVICE_CHARACTERS = 128;
/** A ticket, in characters. */
export const MAX_TICKET_CHARACTERS = 256;
/** Movers that one frame announces, or that it says are gone; more follow in further frames. */
export const MAX_MOVERS = 1_024;
/** A frame of a client's own poses, in bytes. */
export const MAX_POSE_UP_BYTES = 4_096;
/** A frame of others' poses, in bytes. */
export const MAX_POSE_DOWN_BYTES = 65_536;
/** The most poses a second that a relay asks of a client for each of its movers. */
export const MAX_POSES_PER_SECOND = 60;
