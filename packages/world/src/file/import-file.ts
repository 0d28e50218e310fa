import {
  type ComposedMerge,
  copyScene,
  type DecodedFile,
  type EditDraft,
  type ObjectId,
  type Patch,
  ROOT,
  readScene,
} from '@weft/core';
import type { Edit } from '../edits.ts';
import { type FileSource, readFileSource } from './file-source.ts';
import { constraintsOf } from './policy.ts';

export interface ImportOptions {
  /**
   * `merge`: what the file knows and this world does not, under the ids and stamps that it has; newer values stay. For
   * bringing together what was one world. `copy`: all that the file shows, as new objects; for a model or a room.
   */
  readonly as: 'merge' | 'copy';
  /** What a copy hangs from; default the top of the world. A merge leaves everything where it is. */
  readonly parent?: ObjectId;
}

/** What an import did. */
export interface Imported {
  /** The objects that are new or changed here, by their ids in the file. */
  readonly ids: ReadonlyMap<ObjectId, ObjectId>;
  /** What was left out: malformed, not allowed here, or another user's own. */
  readonly problems: DecodedFile['problems'];
  /** Rules and components that the file carries; they are not in force here, since a world keeps its own. */
  readonly unusedPolicy: number;
}

/** What importing needs of a world; the editor, or one that only tries things out. */
export interface ImportPort {
  edit(name: string, fn: (draft: EditDraft) => Imported): Edit<Imported>;
  merge(name: string, patch: Patch): Edit<ComposedMerge>;
}

/** Reads, checks and writes: all of it or none. */
export function importFile(port: ImportPort, source: FileSource, options: ImportOptions): Edit<Imported> {
  const { patch, info, problems } = readFileSource(source);
  const { rules = {}, components = {} } = info.policy ?? {};
  const unusedPolicy = Object.keys(rules).length + Object.keys(components).length;
  const name = 'import a file';
  if (options.as === 'copy') {
    const scene = readScene(patch, constraintsOf(info.policy ?? {}));
    return port.edit(name, (draft) => {
      const copied = copyScene(draft, scene, options.parent ?? ROOT);
      return { ids: copied.ids, problems: [...problems, ...copied.problems], unusedPolicy };
    });
  }
  const merged = port.merge(name, patch);
  const personal = merged.value.personal.map((id) => ({
    carrier: id,
    path: null,
    reason: 'only its owner’s own clients may write it; it was left out',
  }));
  const ids = new Map(merged.ids.map((id) => [id, id]));
  return { ...merged, value: { ids, problems: [...problems, ...personal], unusedPolicy } };
}

/** What trying out needs: the editor. */
export interface ImportCheck {
  check(fn: (draft: EditDraft) => Imported): Pick<Edit<Imported>, 'value' | 'ids'>;
  checkMerge(name: string, patch: Patch): Pick<Edit<ComposedMerge>, 'value' | 'ids'>;
}

/** Reads and checks, and writes nothing. */
export function tryImport(editor: ImportCheck, source: FileSource, options: ImportOptions): Imported {
  const done = Promise.resolve();
  const dry: ImportPort = {
    edit: (name, fn) => ({ name, held: done, durable: done, kept: done, ...editor.check(fn) }),
    merge: (name, patch) => ({
      name,
      held: done,
      durable: done,
      kept: done,
      ...editor.checkMerge(name, patch),
    }),
  };
  return importFile(dry, source, options).value;
}
