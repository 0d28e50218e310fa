import type { Studio } from '../state/studio.ts';
import type { Toast } from '../state/toasts.ts';
import { Icon } from './icon.tsx';

export function ToastList({ studio }: { studio: Studio }) {
  return (
    <div class="toasts" role="log" aria-label="Messages">
      {studio.toasts.list.value.map((toast) => (
        <ToastCard key={toast.key} toast={toast} close={() => studio.toasts.close(toast.key)} />
      ))}
    </div>
  );
}

function ToastCard({ toast, close }: { toast: Toast; close: () => void }) {
  const { headline, reason, hint, details, tone, action, progress } = toast;
  const isWorking = tone === 'working';
  return (
    <div class={`toast ${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon name={tone === 'error' ? 'warning' : 'info'} />
      <div class="toast-words">
        <p class="toast-headline">{headline}</p>
        {isWorking && <Progress share={progress} />}
        {reason !== null && <p>{reason}</p>}
        {hint !== null && <p class="toast-hint">{hint}</p>}
        {details !== null && (
          <details>
            <summary>Details</summary>
            <code>{details}</code>
          </details>
        )}
        {!isWorking && action !== null && (
          <button
            type="button"
            class="button outlined"
            onClick={() => {
              close();
              action.run();
            }}
          >
            {action.label}
          </button>
        )}
      </div>
      {isWorking && action !== null && (
        // Whoever does the work ends its message.
        <button type="button" class="button outlined" title="Stop (Esc)" onClick={action.run}>
          {action.label}
        </button>
      )}
      {!isWorking && (
        <button type="button" class="button icon small" aria-label="Close this message" onClick={close}>
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  );
}

function Progress({ share }: { share: number | null }) {
  return <progress class="toast-progress" aria-label="Progress" value={share ?? undefined} max={1} />;
}
