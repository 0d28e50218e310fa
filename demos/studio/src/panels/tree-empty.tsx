import type { Studio } from '../state/studio.ts';

/** What the outline says when there is nothing to list. */
export function TreeEmpty({ studio }: { studio: Studio }) {
  if (studio.search.value.trim() !== '') {
    return (
      <p class="tree-empty">
        Nothing is called “{studio.search.value.trim()}”.
        <br />
        Search looks at names, kinds, tags and ids.
      </p>
    );
  }
  return <p class="tree-empty">No objects yet.</p>;
}
