import {
  isEventContent,
  isUserId,
  normaliseValue,
  type RandomBytes,
  toBase64Url,
  type UserId,
  type Value,
} from '@weft/core';
import { isBoundedText } from '../text.ts';

/** Under this name the lane brings what somebody says. */
export const SAY_EVENT = 'weft.say';
/** Under this key a chat message of the room says whose words it holds, and which. */
export const SAID_KEY = 'world.weft.said';
/** What is said at once, in UTF-16 units. */
export const MAX_SAID_CHARACTERS = 1000;
/** Sayings that one chat message of the room holds. */
export const MAX_SAID_TOGETHER = 20;

/** An event may hold no more. */
const MAX_CHAT_BYTES = 65_536;
const MAX_SAY_BYTES = 4096;
const ID_BYTES = 12;
const ID = /^[A-Za-z0-9_-]{16,64}$/;

/** What somebody said once. It comes over the lane at once, and with the room's chat later: the id tells that it is the same. */
export interface Said {
  /** 16 to 64 characters of base64url, random. */
  readonly id: string;
  readonly text: string;
  /** Whose words these are where another account says them; `null` for the sender's own. A claim of the sender. */
  readonly user: UserId | null;
}

/** A saying that was not said before; `user` where it is not the sender's own. */
export function newSaying(text: string, random: RandomBytes, user: UserId | null = null): Said {
  return { id: toBase64Url(random(ID_BYTES)), text, user };
}

/** What the lane sends of it. */
export function sayData({ id, text, user }: Said): Value {
  return normaliseValue(user === null ? { id, text } : { id, text, user }, 'say something');
}

/** What an event of the lane says; `null` where that is not well-formed. */
export function readSay(data: unknown): Said | null {
  if (!isEventContent(data, MAX_SAY_BYTES)) return null;
  const { id, text, user = null } = data;
  if (typeof id !== 'string' || !ID.test(id) || typeof text !== 'string' || !isSaying(text)) return null;
  return user === null || isUserId(user) ? { id, text, user } : null;
}

/** The content of the `m.room.message` that holds these sayings, for every Matrix client to read. */
export function chatContent(said: readonly Said[]): { readonly [name: string]: Value } {
  return { msgtype: 'm.text', body: bodyOf(said), [SAID_KEY]: said.map(sayData) };
}

/**
 * What a chat message says: one by one where it tells them apart and hides nothing of them from other Matrix clients, else
 * its body. Nothing where it is no text.
 */
export function readChat(event: string, content: unknown): readonly Said[] {
  if (!isEventContent(content, MAX_CHAT_BYTES)) return [];
  const { msgtype, body } = content;
  if (!isBoundedText(body, MAX_CHAT_BYTES) || !TEXT_TYPES.has(String(msgtype))) return [];
  const said = readList(content[SAID_KEY]);
  if (said.length > 0 && bodyOf(said) === body) return said;
  return [{ id: event, text: body.slice(0, MAX_SAID_CHARACTERS), user: null }];
}

const TEXT_TYPES: ReadonlySet<string> = new Set(['m.text', 'm.notice', 'm.emote']);

function readList(list: unknown): readonly Said[] {
  if (!Array.isArray(list) || list.length > MAX_SAID_TOGETHER) return [];
  const said = list.flatMap((one) => readSay(one) ?? []);
  return said.length === list.length ? said : [];
}

function bodyOf(said: readonly Said[]): string {
  return said.map(({ text, user }) => (user === null ? text : `${user}: ${text}`)).join('\n');
}

/** Whether it can be said: 1 to 1,000 characters, no NUL, no lone surrogate. */
export function isSaying(text: string): boolean {
  return isBoundedText(text, MAX_SAID_CHARACTERS) && text.trim() !== '';
}
