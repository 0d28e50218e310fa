import { Icon } from '../panels/icon.tsx';
import type { FieldProps } from './field-props.ts';
import { TextField } from './text-field.tsx';

const WORDS = { loading: 'Loading…', ready: 'Loaded', failed: 'Cannot be shown' } as const;

/** An address, and how its bytes fared in this page. */
export function AssetField(props: FieldProps) {
  const { value, studio } = props;
  const status = studio.assets.value.find(({ src }) => src === value);
  return (
    <div class="asset-field">
      <TextField {...props} />
      {status !== undefined && (
        <div class={`asset-status ${status.state}`}>
          <span>{status.reason === null ? WORDS[status.state] : `${WORDS.failed}: ${status.reason}`}</span>
          {status.state === 'failed' && (
            <button
              type="button"
              class="button icon"
              title="Try again"
              aria-label="Try to load it again"
              onClick={() => studio.viewport.value?.retryAsset(status.src)}
            >
              <Icon name="retry" size={14} />
            </button>
          )}
        </div>
      )}
    </div>
  );
}
