import { parseUserId, toBase64Url } from '@weft/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLanePolicy } from '../world/lane-policy.ts';
import { readRtcTransports, readWellKnownRelays } from './discovery.ts';
import { memberContent, memberLeftContent, readMember } from './member-event.ts';
import {
  MAX_MEMBER_STATE_LIFE_MS,
  MEMBER_STATE_LIFE_MS,
  memberStateContent,
  memberStateKey,
  readMemberState,
} from './member-state.ts';
import {
  isRelayUrl,
  laneUrl,
  MAX_TRANSPORTS,
  readRelayTransports,
  relayTransport,
  serviceUrl,
} from './relay-transport.ts';
import { isOpenSlot, openSlotContent, RTC_APPLICATION, RTC_SLOT_ID } from './slot.ts';

const RELAY = relayTransport('wss://relay.example.org', parseUserId('@relay:example.org'));
const LIVEKIT = { type: 'livekit', livekit_service_url: 'https://sfu.example.org' };
const KEY = toBase64Url(new Uint8Array(32).fill(9));
const MEMBER = { memberId: 'member', device: 'DEVICE', key: KEY, transports: [RELAY], peer: false };

test('[PF7] a member event reads back as it was written, and leaving reads as nobody', () => {
  expect(readMember(memberContent(MEMBER))).toEqual(MEMBER);
  const bare = { ...MEMBER, device: null, key: null, transports: [], peer: true };
  expect(readMember(memberContent(bare))).toEqual(bare);
  expect(readMember(memberLeftContent('member', 'leave'))).toBeNull();
});

test('[PF7] each generation of a member event is read', () => {
  const draft = {
    slot_id: RTC_SLOT_ID,
    member: { id: 'member', membership: 'join' },
    application: { type: RTC_APPLICATION, session_key: KEY },
    transports: { published: [LIVEKIT, RELAY], can_subscribe: ['world.weft.relay'] },
    sticky_key: 'member',
  };
  expect(readMember(draft)).toEqual({ ...MEMBER, device: null });
  const deployed = {
    slot_id: RTC_SLOT_ID,
    member: { id: 'member', user_id: '@a:example.org', device_id: 'DEVICE' },
    application: { type: RTC_APPLICATION, session_key: KEY },
    rtc_transports: [RELAY],
    versions: [],
    msc4354_sticky_key: 'member',
  };
  expect(readMember(deployed)).toEqual(MEMBER);
});

test('[PF7] members of other applications and slots are none of ours', () => {
  const content = memberContent(MEMBER);
  expect(readMember({ ...content, slot_id: 'm.call#room' })).toBeNull();
  expect(readMember({ ...content, application: { type: 'm.call' } })).toBeNull();
  expect(readMember({ ...content, member: { id: '', membership: 'join' } })).toBeNull();
  expect(readMember({ slot_id: RTC_SLOT_ID })).toBeNull();
});

test('[PF7] a member in room state counts until its life is over, and never longer than is believed', () => {
  const sent = 1_752_164_544_000;
  expect(readMemberState(memberStateContent(MEMBER, sent), sent)).toEqual({
    ...MEMBER,
    expiresAtMs: sent + MEMBER_STATE_LIFE_MS,
  });
  const content = memberStateContent(MEMBER, sent);
  const until = (change: object) => readMemberState({ ...content, ...change }, sent)?.expiresAtMs;
  expect(until({ expires: Number.MAX_SAFE_INTEGER })).toBe(sent + MAX_MEMBER_STATE_LIFE_MS);
  expect(until({ created_ts: sent + 1 })).toBe(sent + MEMBER_STATE_LIFE_MS);
  expect(until({ created_ts: sent - 1000 })).toBe(sent - 1000 + MEMBER_STATE_LIFE_MS);
  expect(readMemberState({}, sent)).toBeNull();
  expect(readMemberState({ ...content, application: 'm.call' }, sent)).toBeNull();
});

test('[PF7] the state key of a member names its user, device and application, if there is room', () => {
  const user = parseUserId('@alice:example.org');
  expect(memberStateKey(user, 'DEVICE')).toBe('_@alice:example.org_DEVICE_world.weft#world');
  const fits = 255 - '_@alice:example.org__world.weft#world'.length;
  expect(memberStateKey(user, 'x'.repeat(fits))).toHaveLength(255);
  expect(memberStateKey(user, 'x'.repeat(fits + 1))).toBeNull();
});

test('[PF7] a slot is open if it says so for Weft, and closed otherwise', () => {
  expect(isOpenSlot(openSlotContent())).toBe(true);
  expect(isOpenSlot({ ...openSlotContent(), status: 'closed' })).toBe(false);
  expect(isOpenSlot({ status: 'open', application: { type: 'm.call' } })).toBe(false);
  expect(isOpenSlot({ status: 'open', application: null })).toBe(false);
  expect(isOpenSlot({})).toBe(false);
});

test('[PF7] a relay is at a secure address, or on this machine', () => {
  for (const url of [
    'wss://relay.example.org',
    'wss://relay.example.org:8448/weft',
    'ws://localhost:9010',
    'ws://127.0.0.1:1',
    'ws://[::1]:9010',
  ])
    expect(isRelayUrl(url), url).toBe(true);
  for (const url of [
    'ws://relay.example.org',
    'ws://127.0.0.1.example.org',
    'ws://localhost.example.org',
    'https://relay.example.org',
    'wss://relay.example.org/',
    'wss://me@relay.example.org',
    'wss://me:secret@relay.example.org',
    'wss://relay.example.org?x=1',
    'wss://relay.example.org?',
    'wss://relay.example.org#x',
    'wss://relay.example.org#',
    ' wss://relay.example.org',
    'wss://relay\\example.org',
    'wss://relay.exa\tmple.org',
    'wss://',
    `wss://${'x'.repeat(512)}`,
    'javascript:alert(1)',
    7,
  ])
    expect(isRelayUrl(url), String(url)).toBe(false);
  expect(laneUrl(RELAY)).toBe('wss://relay.example.org/v1/lane');
  expect(serviceUrl(RELAY)).toBe('https://relay.example.org/v1');
  expect(serviceUrl({ url: 'ws://localhost:9010' })).toBe('http://localhost:9010/v1');
});

test('[PF7] transports are found under each of their names', () => {
  for (const key of ['transports', 'rtc_transports'])
    expect(readRtcTransports({ [key]: [LIVEKIT, RELAY] })).toEqual([RELAY]);
  for (const key of ['org.matrix.msc4143.rtc_foci', 'm.rtc_foci'])
    expect(readWellKnownRelays({ [key]: [LIVEKIT, RELAY] })).toEqual([RELAY]);
  expect(readRtcTransports({})).toEqual([]);
  expect(readRtcTransports({ transports: [], rtc_transports: [RELAY] })).toEqual([RELAY]);
});

test('[PF7] a list holds each relay once, and at most 16', () => {
  const many = Array.from({ length: MAX_TRANSPORTS + 1 }, (_, at) => ({
    ...RELAY,
    url: `wss://relay${at}.example.org`,
  }));
  expect(readRelayTransports([RELAY, RELAY])).toEqual([RELAY]);
  expect(readRelayTransports(many)).toEqual(many.slice(0, MAX_TRANSPORTS));
});

test('[PF7] a world pins relays and lets guests in only where it says so', () => {
  expect(
    readLanePolicy({ title: 'Plaza', relays: [RELAY, { type: 'world.weft.relay' }], guests: 'look' }),
  ).toEqual({
    relays: [RELAY],
    guests: 'look',
  });
  expect(readLanePolicy({ title: 'Plaza' })).toEqual({ relays: [], guests: 'off' });
  expect(readLanePolicy({ guests: 'everything', relays: RELAY })).toEqual({ relays: [], guests: 'off' });
});

test('[PF7] whatever an event or a server says, reading it does not throw', () => {
  const names = [
    'slot_id',
    'member',
    'application',
    'transports',
    'relays',
    'guests',
    'call_id',
    'device_id',
    'expires',
    'type',
    'url',
  ];
  const hostile = fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom(...names), fc.anything()));
  fc.assert(
    fc.property(hostile, (content) => {
      readMember(content);
      readMember({ ...memberContent(MEMBER), member: content, transports: content });
      readMemberState(content, 0);
      isOpenSlot(content);
      readRtcTransports(content);
      readWellKnownRelays(content);
      readRelayTransports([content]);
      readLanePolicy({ relays: content, guests: content });
    }),
  );
});
