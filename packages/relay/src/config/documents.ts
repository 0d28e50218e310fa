import Type from 'typebox';
import { DOCUMENT_LIMITS } from '../document/document-limits.ts';
import { count } from './setting.ts';

const KIB = 1024;
const HOUR_MS = 60 * 60_000;

/** The limits of shared documents that an operator may move. */
export const Documents = Type.Object(
  {
    maxOpen: count({
      description: 'Documents of one world that somebody has open.',
      minimum: 1,
      maximum: 100_000,
      default: DOCUMENT_LIMITS.maxOpen,
    }),
    maxOpenPerSession: count({
      description: 'Documents that one client has open.',
      minimum: 1,
      maximum: 10_000,
      default: DOCUMENT_LIMITS.maxOpenPerSession,
    }),
    maxMergeSteps: count({
      description: 'Steps that merging what was written of one document may take.',
      minimum: 1000,
      maximum: 10_000_000,
      default: DOCUMENT_LIMITS.maxMergeSteps,
    }),
    maxKeptBytes: count({
      description: 'Updates of one document in the journal before they are kept as one.',
      unit: 'bytes',
      minimum: KIB,
      maximum: 1024 * KIB,
      default: DOCUMENT_LIMITS.maxKeptBytes,
    }),
    saveAfterMs: count({
      description: 'How long a document has to be left alone until the relay saves what its authors did not.',
      unit: 'ms',
      minimum: 1000,
      maximum: HOUR_MS,
      default: DOCUMENT_LIMITS.saveAfterMs,
    }),
  },
  { description: 'How much of shared documents, in one world.' },
);
