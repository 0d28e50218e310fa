import type { AssetStatus } from '@weft/three';
import type { Studio } from '../state/studio.ts';
import { thumbnailOf } from '../state/thumbnails.ts';
import { nameOf } from '../state/tree-rows.ts';
import { Icon } from './icon.tsx';
import { Thumbnail } from './thumbnail.tsx';

const MAX_SHOWN = 100;
/** A `data:` address is as long as its file. */
const MAX_SHOWN_CHARACTERS = 120;

/** Files on their way, and those that cannot be shown: what they belong to, why, and trying again. */
export function AssetList({ studio }: { studio: Studio }) {
  const assets = studio.assets.value;
  const loading = assets.filter(({ state }) => state === 'loading');
  const failed = assets.filter(({ state }) => state === 'failed');
  return (
    <>
      {loading.length > 0 && <Loading assets={loading} />}
      {failed.length > 0 && (
        <details class="problems">
          <summary>
            <Icon name="warning" size={13} />
            {failed.length === 1 ? '1 file cannot be shown' : `${failed.length} files cannot be shown`}
          </summary>
          <ul class="problem-list quiet-scroll">
            {failed.slice(0, MAX_SHOWN).map((asset) => (
              <Failed key={asset.src} studio={studio} asset={asset} />
            ))}
            {failed.length > MAX_SHOWN && <li>{`and ${failed.length - MAX_SHOWN} more`}</li>}
          </ul>
        </details>
      )}
    </>
  );
}

function Loading({ assets }: { assets: readonly AssetStatus[] }) {
  const text = assets.length === 1 ? '1 file loading' : `${assets.length} files loading`;
  // The least that is known: a percentage that stands still tells that something is stuck.
  const known = assets.flatMap(({ percent }) => percent ?? []);
  const percent = known.length < assets.length ? null : Math.min(...known);
  return (
    <span class="status-item" role="status">
      <i class="loading-dot" />
      {percent === null ? text : `${text}, ${percent} %`}
    </span>
  );
}

function Failed({ studio, asset }: { studio: Studio; asset: AssetStatus }) {
  const [first, ...others] = asset.users;
  const object = first === undefined ? undefined : studio.graph.object(first);
  const name = object === undefined ? asset.src : nameOf(object);
  return (
    <li class="broken-asset">
      <div class="broken-asset-head">
        <Thumbnail studio={studio} of={thumbnailOf(object)}>
          {null}
        </Thumbnail>
        <button type="button" class="link-value" onClick={() => studio.selection.set([...asset.users])}>
          {others.length === 0 ? name : `${name} and ${others.length} more`}
        </button>
        <button
          type="button"
          class="button outlined"
          onClick={() => studio.viewport.value?.retryAsset(asset.src)}
        >
          <Icon name="retry" size={13} />
          Try again
        </button>
      </div>
      <p>{withoutAddress(asset.reason ?? '')}</p>
      <p class="problem-object">{asset.src.slice(0, MAX_SHOWN_CHARACTERS)}</p>
    </li>
  );
}

// The address stands below, and the list says that it cannot be shown.
function withoutAddress(reason: string): string {
  const rest = reason.replace(/^Cannot .+?: (?=expected )/, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
