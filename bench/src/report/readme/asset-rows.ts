import type { Measurement } from '../../record/result.ts';
import type { CitedRun } from './cited-run.ts';
import type { Row } from './row.ts';

export const LONGER_BY_VERIFICATION = 'longer by verification';

/** What files of a world take: once, again, and with their hashes proved. */
export function assetRows(run: CitedRun): Row[] {
  const { n, parameters } = run.figure('weft', 'all models', { load: 'second' });
  const size = run.show('weft', 'models', parameters);
  const read = (load: string): string => run.show('weft', 'read from the network', { load });
  const places = run.result.measurements.filter(({ metric }) => metric === LONGER_BY_VERIFICATION);
  return [
    {
      what: `all models of a world, ${size}, the second time on this device (n = ${n})`,
      weft: `${run.show('weft', 'all models', parameters)}, ${read('second')} read from any socket`,
      beside: `the first time ${run.show('weft', 'all models', { load: 'first' })}, ${read('first')}`,
    },
    ...places.map(({ parameters: of, ...figure }) => ({
      what: `a file of ${of.MiB} MiB by ${of.from}, its hash proved (n = ${figure.n})`,
      weft: run.show('verified', 'download', of),
      beside: `the same without a hash ${run.show('unverified', 'download', of)}; the hash adds ${run.show('weft', LONGER_BY_VERIFICATION, of)}${byFetch(run, of)}`,
    })),
  ];
}

// Runs of before had nobody beside them.
function byFetch(run: CitedRun, of: Measurement['parameters']): string {
  const isThere = run.result.measurements.some(({ system }) => system === 'fetch');
  return isThere ? `; by \`fetch\` alone, without a hash, ${run.show('fetch', 'download', of)}` : '';
}
