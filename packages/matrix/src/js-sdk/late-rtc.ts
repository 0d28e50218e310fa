import type { RtcServer } from '../rtc-server.ts';

/** What live sessions need of a homeserver that is signed in to when it answers. */
export function lateRtc(signedIn: () => Promise<{ readonly rtc: RtcServer }>): RtcServer {
  const rtc = async (): Promise<RtcServer> => (await signedIn()).rtc;
  return {
    features: async () => (await rtc()).features(),
    sendSticky: async (...request) => (await rtc()).sendSticky(...request),
    readSticky: async (...request) => (await rtc()).readSticky(...request),
    delayState: async (...request) => (await rtc()).delayState(...request),
    delaySticky: async (...request) => (await rtc()).delaySticky(...request),
    restartDelayed: async (...request) => (await rtc()).restartDelayed(...request),
    cancelDelayed: async (...request) => (await rtc()).cancelDelayed(...request),
    transports: async (...request) => (await rtc()).transports(...request),
    wellKnownTransports: async (...request) => (await rtc()).wellKnownTransports(...request),
  };
}
