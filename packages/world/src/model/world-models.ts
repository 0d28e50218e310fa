import {
  type AssetLoading,
  type AssetSink,
  checkGlb,
  type ExportedGlb,
  type ExportGlbOptions,
  meshOf,
} from '@weft/assets';
import { type EditDraft, type ObjectId, ROOT, type Synchronous } from '@weft/core';
import type { Homeserver } from '@weft/matrix';
import type { Edit } from '../edits.ts';
import type { SceneView } from '../scene-view.ts';
import type { CheckedEdit } from '../world-options.ts';
import { type ExplodedImport, type ExplodeGlbOptions, explodeGlb } from './explode-glb.ts';
import { type ReadThirdRoomOptions, readThirdRoom, type ThirdRoomWorld } from './third-room.ts';

export interface WorldModelsParts {
  readonly homeserver: Homeserver;
  readonly assets: AssetLoading;
  readonly sinks: readonly AssetSink[];
  readonly scene: SceneView;
  readonly edit: <T>(name: string, fn: (draft: EditDraft) => Synchronous<T>) => Edit<Synchronous<T>>;
  readonly check: <T>(fn: (draft: EditDraft) => Synchronous<T>) => Pick<CheckedEdit<unknown>, 'cost'>;
}

export interface ImportThirdRoomOptions extends ReadThirdRoomOptions {
  /** The object it hangs from; default the top of the world. */
  readonly parent?: ObjectId;
  /** In its parent, in metres; default the origin. */
  readonly position?: readonly [number, number, number];
}

/** Keeps where an object came from, by a component of its own. */
const ORIGIN_COMPONENT = 'msc3815:world';

/** Models that become many objects, objects that become one model, and worlds of other programs. */
export class WorldModels {
  readonly #parts: WorldModelsParts;

  constructor(parts: WorldModelsParts) {
    this.#parts = parts;
  }

  /**
   * Takes a GLB apart and tries out adding it: each node an object with its name, transform and place, each mesh a file that is
   * stored once; lights, and the links and spawn points of OMI, as components; what others wrote on nodes kept for `export`. Nothing
   * is stored or written before `commit`.
   *
   * Cost: as reading and writing its meshes once, in a worker: 2 min at most.
   * @throws AssetError as models are refused; `too-large` past 5,000 objects, 500 meshes, 200 levels or 200 MiB; `timed-out`, `aborted`
   * @throws WeftError what `World.check` throws: a role, a rule, a parent that is not there
   */
  explode(glb: Uint8Array, options: ExplodeGlbOptions = {}): Promise<ExplodedImport> {
    return explodeGlb(this.#parts, glb, options);
  }

  /**
   * What is shown, or some objects with all that hangs from them, as one GLB for every program that reads glTF; `explode` makes the
   * same objects of it again. What the file does not show is told in `notes`.
   *
   * Cost: loading the models, 100 MiB at most; then writing it, in a worker: 2 min at most.
   * @throws AssetError `too-large` also where something lies or reaches too far out, `timed-out`, `aborted`, `missing` where nothing is
   *   shown
   */
  async export(options: ExportGlbOptions = {}): Promise<ExportedGlb> {
    const { assets, scene } = this.#parts;
    const [{ exportGlb }, { openWorkshop }] = await Promise.all([
      import('@weft/assets/models'),
      import('@weft/assets/publish'),
    ]);
    const load = async (ref: Parameters<AssetLoading['load']>[0], how: { readonly signal: AbortSignal }) =>
      (await assets.load(ref, { kind: 'model', ...how })).bytes;
    const workshop = openWorkshop();
    return exportGlb({ scene, load, write: (gathered, how) => workshop.writeGlb(gathered, how) }, options);
  }

  /** What a Third Room world (MSC3815) says of itself. Its room is read, and joined only where told to. @throws as `readThirdRoom` */
  readThirdRoom(ref: string, options?: ReadThirdRoomOptions): Promise<ThirdRoomWorld> {
    return readThirdRoom(this.#parts.homeserver, ref, options);
  }

  /**
   * Shows the scene of a Third Room world as one object. The file stays where it is: it is loaded once, checked as any model, and
   * referred to by its hash. Nothing is written where it is refused.
   *
   * @throws as `readThirdRoom`; AssetError where the scene cannot be had or is no model; WeftError as `World.edit`
   */
  async importThirdRoom(ref: string, options: ImportThirdRoomOptions = {}): Promise<Edit<ObjectId>> {
    const { assets, check, edit } = this.#parts;
    const { parent = ROOT, position, signal } = options;
    // Whoever may not add here need not wait for the scene.
    check((draft) => draft.add({ parent }));
    const { room, title, sceneUrl: src } = await this.readThirdRoom(ref, options);
    const name = title === '' ? 'Third Room world' : title;
    const { bytes, sha256 } = await assets.load(
      { src },
      { kind: 'model', ...(signal === undefined ? {} : { signal }) },
    );
    const { bounds } = checkGlb(bytes, name);
    return edit(`import ${name}`, (draft) =>
      draft.add({
        parent,
        node: { name },
        mesh: meshOf({ src, alt: [], sha256, bytes: bytes.length, bounds, thumbnail: null }),
        [ORIGIN_COMPONENT]: { room },
        ...(position === undefined ? {} : { transform: { position } }),
      }),
    );
  }
}
