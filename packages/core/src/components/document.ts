import { defineComponent } from './component.ts';
import { choice, line, withDefault } from './property.ts';

/**
 * A shared document. Besides these it holds one register per actor, named `<epoch>_<actor>`, with that actor's own
 * contribution: properties that the schema does not know are kept, so they need no entry here.
 */
export const document = defineComponent(
  'document',
  { title: 'Document', description: 'Text that several people write at once.' },
  {
    type: withDefault(
      choice(['text', 'rich', 'code', 'whiteboard'], {
        title: 'Type',
        description: 'How it is shown and edited.',
      }),
      'text',
    ),
    epoch: line({
      title: 'Epoch',
      description:
        'Changes when the document is emptied or compacted; contributions of other epochs do not count.',
      maxLength: 24,
      pattern: '^[A-Za-z0-9_-]+$',
      readOnly: true,
    }),
    title: line({ title: 'Title', description: 'Of the document.' }),
  },
);
