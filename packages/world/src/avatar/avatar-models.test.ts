import { parseUserId, type UserId } from '@weft/core';
import { AVATAR_EVENT, parseEventId, type RoomEvent } from '@weft/matrix';
import { describe, expect, test } from 'vitest';
import { AvatarModels, MAX_PROFILE_READS, MAX_REMEMBERED_PROFILES } from './avatar-models.ts';

const user = (name: string): UserId => parseUserId(`@${name}:example.org`);
const model = (name: string) => ({ src: `mxc://example.org/${name}` });

function setting() {
  let state: readonly RoomEvent[] = [];
  const asked: UserId[] = [];
  const waiting: { readonly user: UserId; answer: (content: unknown) => void; fail: () => void }[] = [];
  let changes = 0;
  const models = new AvatarModels({
    state: () => state,
    readProfile: (who) => {
      asked.push(who);
      return new Promise((resolve, reject) => {
        waiting.push({ user: who, answer: resolve, fail: () => reject(new Error('away')) });
      });
    },
    changed: () => {
      changes += 1;
    },
  });
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return {
    ...{ models, asked, waiting, settled },
    changes: () => changes,
    says: (name: string, content: RoomEvent['content'], sender = name) => {
      const event: RoomEvent = {
        ...{ type: AVATAR_EVENT, stateKey: user(name), sender: user(sender), content },
        ...{
          id: parseEventId(`$${'A'.repeat(43)}`),
          atMs: 0,
          replaces: null,
          redactedAtMs: null,
          ageMs: null,
        },
      };
      state = [...state.filter(({ stateKey }) => stateKey !== user(name)), event];
      models.update();
    },
  };
}

describe('what somebody wears', () => {
  test('[AV13] is what their profile says, asked for once, and what they say in the room instead', async () => {
    const { models, asked, waiting, says, settled, changes } = setting();
    expect([models.of(user('ann')), models.of(user('ann'))]).toEqual([null, null]);
    expect(asked).toEqual([user('ann')]);
    waiting[0]?.answer(model('profile'));
    await settled();
    expect([models.of(user('ann'))?.src, changes()]).toEqual([model('profile').src, 1]);
    says('ann', model('room'));
    const worn = models.of(user('ann'));
    expect(worn?.src).toBe(model('room').src);
    says('bob', model('other'));
    expect(models.of(user('ann'))).toBe(worn);
    says('ann', {});
    expect(models.of(user('ann'))?.src).toBe(model('profile').src);
    models.forget(user('ann'));
    models.of(user('ann'));
    expect(asked).toEqual([user('ann'), user('ann')]);
  });

  test('[AV13] is nothing of what others say of them, nor what is no model, nor what cannot be asked', async () => {
    const { models, waiting, says, settled } = setting();
    says('ann', model('room'), 'eve');
    says('bob', { src: 'javascript:alert(1)' });
    for (const name of ['ann', 'bob']) expect(models.of(user(name))).toBeNull();
    waiting[0]?.fail();
    waiting[1]?.answer([{ src: 7 }]);
    await settled();
    for (const name of ['ann', 'bob']) expect(models.of(user(name))).toBeNull();
    expect(waiting).toHaveLength(2);
  });

  test(`[AV13] is asked of ${MAX_PROFILE_READS} profiles at a time and remembered of ${MAX_REMEMBERED_PROFILES}, and of not one more`, async () => {
    const { models, asked, waiting, settled } = setting();
    for (let n = 0; n <= MAX_PROFILE_READS; n += 1) models.of(user(`u${n}`));
    expect(asked).toHaveLength(MAX_PROFILE_READS);
    for (let n = 0; n <= MAX_REMEMBERED_PROFILES; n += 1) {
      models.of(user(`u${n}`));
      while (waiting.length > 0) {
        waiting.shift()?.answer(model('x'));
        await settled();
      }
    }
    const count = asked.length;
    expect(count).toBe(MAX_REMEMBERED_PROFILES + 1);
    models.of(user(`u${MAX_REMEMBERED_PROFILES}`));
    models.of(user('u1'));
    expect(asked).toHaveLength(count);
    models.of(user('u0'));
    expect(asked).toHaveLength(count + 1);
    models.close();
    models.of(user('later'));
    expect(asked).toHaveLength(count + 1);
  });
});
