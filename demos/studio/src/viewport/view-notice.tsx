import { Icon } from '../panels/icon.tsx';

/** Stands in for the view where there is none. */
export function ViewNotice({ reason }: { reason: string | null }) {
  return (
    <div class="view-notice" role="note">
      <Icon name="cloudOff" size={28} />
      <h2>{reason === null ? 'The view is switched off' : 'This browser gives no 3D view'}</h2>
      <p>
        The list and the inspector work without it: everything can be added, changed and deleted there.
        {reason !== null && ' To see the world, switch on hardware acceleration or try another browser.'}
      </p>
      {reason !== null && (
        <details>
          <summary>Details</summary>
          <code>{reason}</code>
        </details>
      )}
    </div>
  );
}
