import { type ObjectId, WeftError } from '@weft/core';
import { MAX_DOCUMENT_BYTES, MAX_EVENT_NAME_CHARACTERS } from '@weft/protocol';

/** @throws WeftError `invalid-value` for a name that is empty or too long */
export function checkEventName(name: string): void {
  if (name !== '' && name.length <= MAX_EVENT_NAME_CHARACTERS) return;
  throw new WeftError('invalid-value', {
    what: 'send an event',
    expected: `a name of 1 to ${MAX_EVENT_NAME_CHARACTERS} characters`,
    got: `${name.length}`,
    hint: 'Give it a shorter name, and put the rest into its data.',
  });
}

/** @throws WeftError `limit` for what no frame carries */
export function checkDocumentStep(object: ObjectId, bytes: Uint8Array): void {
  if (bytes.length <= MAX_DOCUMENT_BYTES) return;
  throw new WeftError('limit', {
    what: `send a step of the document of ${object}`,
    expected: `at most ${MAX_DOCUMENT_BYTES} bytes`,
    got: `${bytes.length}`,
    hint: 'Begin a new epoch of the document, which leaves its history behind.',
  });
}
