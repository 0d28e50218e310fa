import { Icon } from '../panels/icon.tsx';
import { complaintOf } from '../state/complaint.ts';
import { adviceFor } from './advice.ts';

interface BrokenProps {
  readonly error: unknown;
  readonly world: string;
  onRetry(): void;
  onSignIn(): void;
}

/** The world could not be opened: what happened, why it usually does, and what to do now. */
export function Broken({ error, world, onRetry, onSignIn }: BrokenProps) {
  const { title, steps } = adviceFor(error);
  const { headline, reason, hint, details } = complaintOf(error);
  return (
    <div class="page-card broken" role="alert">
      <span class="broken-mark">
        <Icon name="warning" size={22} />
      </span>
      <h1>{title}</h1>
      <p class="soft">
        <code class="world-ref">{world}</code>
      </p>
      <p>{reason === null ? headline : `${headline}. ${reason}`}</p>
      <ul class="steps">
        {[...(hint === null ? [] : [hint]), ...steps].map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ul>
      <div class="page-buttons">
        <button type="button" class="button solid large" onClick={onRetry}>
          <Icon name="retry" />
          Try again
        </button>
        <button type="button" class="button outlined large" onClick={onSignIn}>
          Sign in another way
        </button>
      </div>
      {details !== null && (
        <details>
          <summary>Details</summary>
          <code>{details}</code>
        </details>
      )}
    </div>
  );
}
