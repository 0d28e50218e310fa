import type { Studio } from '../state/studio.ts';
import { Icon } from './icon.tsx';

/** Whether the world is heard in this page, and the way to change it; nothing where there is nothing to hear. */
export function SoundButton({ studio }: { studio: Studio }) {
  const state = studio.sound.value;
  if (state === 'none') return null;
  const isOn = state === 'on';
  const words = { waiting: 'Let the world be heard', muted: 'Sound is off', on: 'Sound is on' }[state];
  const title = isOn ? 'Turn the sound of the world off' : 'Turn the sound of the world on';
  return (
    <button
      type="button"
      class="status-item sound-button"
      title={title}
      aria-label={title}
      aria-pressed={isOn}
      onClick={() => studio.viewport.value?.setSound(!isOn)}
    >
      <Icon name={isOn ? 'speaker' : 'speakerOff'} size={13} />
      {words}
    </button>
  );
}
