import type { JsonRecord, RtcFeatures } from '@weft/matrix';

/** What a homeserver in memory has for live sessions. */
export interface TwinRtcFeatures extends RtcFeatures {
  /** What `/rtc/transports` says. */
  readonly transports: readonly JsonRecord[];
  /** What the well-known file says. */
  readonly wellKnown: readonly JsonRecord[];
}

/** As the local Synapse is configured. */
export const ALL_RTC_FEATURES: TwinRtcFeatures = {
  sticky: true,
  delayed: true,
  transports: [],
  wellKnown: [],
};
