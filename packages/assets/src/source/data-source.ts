import type { AssetSource } from './asset-source.ts';
import { readDataUri } from './data-uri.ts';
import { sourceError } from './source-error.ts';

/** Files within their addresses (RFC 2397). */
export const dataSource: AssetSource<'data'> = {
  scheme: 'data',
  async fetch({ text }, { maxBytes, signal, onChunk }) {
    if (signal.aborted) throw sourceError('aborted', text, 'it was cancelled');
    const bytes = readDataUri(text, maxBytes);
    if (bytes === null) {
      throw sourceError('unreadable', text, `a malformed one, or one of more than ${maxBytes} bytes`);
    }
    onChunk?.(bytes, bytes.length);
    return { bytes, type: typeOf(text) };
  },
};

const DEFAULT_TYPE = 'text/plain';

function typeOf(uri: string): string {
  const [, type = ''] = /^data:([^;,]*)/i.exec(uri) ?? [];
  return type === '' ? DEFAULT_TYPE : type;
}
