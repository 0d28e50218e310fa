import { defineComponent } from './component.ts';
import { line } from './property.ts';

export const link = defineComponent(
  'link',
  { title: 'Link', description: 'A page to open, in a new window and after asking.' },
  {
    href: line({
      title: 'Address',
      description: 'https:, http:, matrix: or mailto:.',
      maxLength: 2000,
      pattern: '^(?:https?://|matrix:|mailto:)[^\\s\\u0000]+$',
    }),
    label: line({ title: 'Label', description: 'What is written on it.' }),
  },
);
