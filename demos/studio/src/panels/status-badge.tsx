import type { Studio } from '../state/studio.ts';

/** How this page is connected, and what it may do. */
export function StatusBadge({ studio }: { studio: Studio }) {
  const { graph, lane, laneDetail, role, notKept } = studio.status.value;
  const connection =
    graph === 'loading'
      ? { tone: 'waiting', text: 'Loading', title: 'Reading the room' }
      : lane === 'offline'
        ? {
            tone: 'bad',
            text: 'Offline',
            title: `The homeserver cannot be reached; ${notKept === null ? 'edits are kept in this browser and sent later' : 'edits are sent when it answers, and lost with this page'}`,
          }
        : { tone: 'good', text: lane === 'matrix' ? 'Matrix' : 'Live', title: laneDetail };
  return (
    <div class="status-badge">
      <span class={`connection ${connection.tone}`} title={connection.title} role="status">
        <i class="dot" />
        {connection.text}
      </span>
      <span class="role" title={ROLE_WORDS[role]}>
        {role}
      </span>
    </div>
  );
}

const ROLE_WORDS: Readonly<Record<string, string>> = {
  visitor: 'You may look around; a steward can make you a builder',
  builder: 'You may add, change and delete objects',
  steward: 'You may change objects, rules and roles',
  owner: 'You may do everything in this world',
};
