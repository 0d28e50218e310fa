import type { Stage } from '@weft/world';
import type { Studio } from '../state/studio.ts';
import { connectionOf } from './connection.ts';
import { Popover } from './popover.tsx';

/** How this page is connected and what it may do; opens into what that means, and what the dots of objects mean. */
export function StatusBadge({ studio }: { studio: Studio }) {
  const status = studio.status.value;
  const { tone, word, sentence } = connectionOf(status);
  return (
    <div class="status-badge">
      <Popover
        class="connection-popover"
        label={`Connection: ${word}`}
        button={
          <span class={`connection ${tone}`} data-lane={status.lane} title={sentence}>
            <i class="dot" />
            {word}
          </span>
        }
      >
        <h2>{word}</h2>
        <p>{sentence}</p>
        <h3>How far a change has got</h3>
        <dl class="stage-list">
          {STAGES.map(({ stage, name, meaning }) => (
            <div key={stage}>
              <dt class={`stage ${stage}`}>
                <i class="dot" />
                {name}
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </Popover>
      <span class="visually-hidden" role="status">{`${word}. ${sentence}`}</span>
      <span class="role" title={ROLE_WORDS[status.role]}>
        {status.role}
      </span>
    </div>
  );
}

const STAGES: readonly { readonly stage: Stage; readonly name: string; readonly meaning: string }[] = [
  { stage: 'local', name: 'Local', meaning: 'not in the room yet: only devices that are here have it' },
  { stage: 'held', name: 'Held', meaning: 'the relay keeps it, and others see it' },
  { stage: 'durable', name: 'Durable', meaning: 'saved in the room' },
];

const ROLE_WORDS: Readonly<Record<string, string>> = {
  visitor: 'You may look around; a steward can make you a builder',
  builder: 'You may add, change and delete objects',
  steward: 'You may change objects, rules and roles',
  owner: 'You may do everything in this world',
};
