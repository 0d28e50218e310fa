import { defineComponent } from './component.ts';
import { choice, line, withDefault } from './property.ts';

/** The epoch of a document that nobody ever began anew, so that two who open it at once need not agree on one. */
const FIRST_EPOCH = 'first';

/**
 * A shared document. Besides these it holds contributions in numbered slots, `s<slot>_<part>`: properties that the schema
 * does not know are kept, so they need no entry here.
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
    epoch: withDefault(
      line({
        title: 'Epoch',
        description: 'Changes when the document is begun anew; contributions of other epochs do not count.',
        maxLength: 24,
        pattern: '^[A-Za-z0-9_-]+$',
        readOnly: true,
      }),
      FIRST_EPOCH,
    ),
    title: line({ title: 'Title', description: 'Of the document.' }),
  },
);
