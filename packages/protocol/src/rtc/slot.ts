import { type EventContent, isEventContent } from '@weft/core';

/** Weft as an application of MatrixRTC (MSC4143). */
export const RTC_APPLICATION = 'world.weft';
/** The slot of a world: its application, and the one that there is of it. */
export const RTC_SLOT_ID = 'world.weft#world';
/** What an older generation calls a slot's second half. */
export const RTC_CALL_ID = 'world';

/** The state events that open a slot, by the name that was registered first. */
export const SLOT_EVENTS = ['org.matrix.msc4143.rtc.slot', 'm.rtc.slot'] as const;

const MAX_SLOT_BYTES = 8_192;

/** The content that opens the slot of a world. */
export function openSlotContent(): EventContent {
  return { status: 'open', application: { type: RTC_APPLICATION } };
}

/** Whether a slot's content opens it for Weft; what is malformed is closed. Never throws. */
export function isOpenSlot(content: unknown): boolean {
  if (!isEventContent(content, MAX_SLOT_BYTES)) return false;
  const { status, application } = content;
  return (
    status === 'open' &&
    typeof application === 'object' &&
    application !== null &&
    'type' in application &&
    application.type === RTC_APPLICATION
  );
}
