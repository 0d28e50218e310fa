/** One way in which a source does not give the file that was meant, and what has to come of it. */
export interface FailureCase {
  readonly id: string;
  /** Whose failure it is. */
  readonly source: string;
  readonly failure: string;
  readonly target: string;
}

const CASES = [
  {
    id: 'mxc-missing',
    source: 'mxc, a real Synapse',
    failure: 'a file that never was',
    target: '`missing`',
  },
  {
    id: 'mxc-withdrawn',
    source: 'mxc, a real Synapse',
    failure: 'media that an administrator deleted, after it was loaded once',
    target: '`missing`; from the cache where the device has it',
  },
  {
    id: 'mxc-signed-out',
    source: 'mxc, a real Synapse',
    failure: 'an access token that was given back',
    target: '`denied`',
  },
  {
    id: 'mxc-away',
    source: 'mxc, a real Synapse',
    failure: 'media of a homeserver that this one cannot reach',
    target: 'passed over in time; the next address gives the file',
  },
  {
    id: 'mxc-other',
    source: 'mxc, a real Synapse',
    failure: 'another file than the hash means, a shorter one than the size says, a longer one',
    target: '`wrong-hash`, `wrong-size`, `wrong-size`',
  },
  {
    id: 'mxc-type',
    source: 'mxc, a real Synapse',
    failure: 'a model that was uploaded as text/html',
    target: 'the file, since the bytes decide',
  },
  {
    id: 'mxc-path',
    source: 'mxc, a real Synapse',
    failure: 'addresses with `..`, slashes, queries, names and escapes in them',
    target: '`unsupported-source`, no request',
  },
  {
    id: 'mxc-redirect',
    source: 'mxc, a server in front of Synapse',
    failure: 'redirects (301, 302, 303, 307, 308) to another server',
    target: '`unreachable`, the token reaches nobody else',
  },
  {
    id: 'mxc-answers',
    source: 'mxc, a server in front of Synapse',
    failure: '401, 403, 404, 429, 500 and 502 without a body that Matrix knows',
    target: 'a named error each',
  },
  {
    id: 'mxc-truncated',
    source: 'mxc, a server in front of Synapse',
    failure: 'the connection is cut in the middle of the file',
    target: '`unreachable`',
  },
  {
    id: 'mxc-endless',
    source: 'mxc, a server in front of Synapse',
    failure: 'bytes without an end, as fast as they are read',
    target: '`too-large` at 1 MiB, memory bounded',
  },
  {
    id: 'mxc-drip',
    source: 'mxc, a server in front of Synapse',
    failure: 'a byte every 100 ms, for ever; nothing at all',
    target: '`timed-out` after 1 s',
  },
  {
    id: 'https-other',
    source: 'https',
    failure: 'another file than the hash means, a shorter one than the size says, a longer one',
    target: '`wrong-hash`, `wrong-size`, `wrong-size`',
  },
  { id: 'https-answers', source: 'https', failure: '401, 403, 404, 410, 500', target: 'a named error each' },
  {
    id: 'https-truncated',
    source: 'https',
    failure: 'the connection is cut in the middle of the file',
    target: '`unreachable`',
  },
  {
    id: 'https-endless',
    source: 'https',
    failure: 'bytes without an end, as fast as they are read',
    target: '`too-large` at 1 MiB, memory bounded',
  },
  {
    id: 'https-drip',
    source: 'https',
    failure: 'a byte every 100 ms, for ever; nothing at all',
    target: '`timed-out` after 1 s',
  },
  {
    id: 'https-packed',
    source: 'https',
    failure: '64 MiB of zeros in 64 KiB of gzip that nobody asked for',
    target: '`unreadable`, not unpacked',
  },
  {
    id: 'https-type',
    source: 'https',
    failure: 'a model that is called text/html',
    target: 'the file, since the bytes decide',
  },
  {
    id: 'https-loop',
    source: 'https',
    failure: 'a redirect to itself',
    target: '`bad-redirect` after 5 redirects',
  },
  {
    id: 'https-redirect',
    source: 'https',
    failure: 'redirects to `http:`, `file:`, `data:`, an address with a password, and nowhere',
    target: '`bad-redirect`, nobody else is asked',
  },
  {
    id: 'https-redirect-private',
    source: 'https',
    failure: 'a redirect to a private address',
    target: '`forbidden-address`, no connection',
  },
  {
    id: 'https-private',
    source: 'https',
    failure: 'private addresses: as they are, as a number, in octal, within IPv6, by local names',
    target: '`forbidden-address`, no connection',
  },
  {
    id: 'https-away',
    source: 'https',
    failure: 'nobody listens; a certificate that nobody vouches for',
    target: '`unreachable`, no request',
  },
  {
    id: 'ipfs-other',
    source: 'ipfs, a gateway',
    failure: 'another block, one cut short, one with more behind it, a page in its place',
    target: 'not a byte of it; the file from the next gateway',
  },
  {
    id: 'ipfs-answers',
    source: 'ipfs, a gateway',
    failure: '404, 410, 401, 403, 451, 500, 502',
    target: 'the file from the next gateway',
  },
  {
    id: 'ipfs-redirect',
    source: 'ipfs, a gateway',
    failure: 'redirects to another server',
    target: 'not followed; the file from the next gateway',
  },
  {
    id: 'ipfs-truncated',
    source: 'ipfs, a gateway',
    failure: 'the connection is cut in the middle of a block',
    target: 'the file from the next gateway',
  },
  {
    id: 'ipfs-missing',
    source: 'ipfs, a gateway',
    failure: 'a node without the blocks that it links to',
    target: '`missing`, not half a file; the rest from the next gateway',
  },
  {
    id: 'ipfs-endless',
    source: 'ipfs, a gateway',
    failure: 'a block without an end, as fast as it is read',
    target: 'given up at 2 MiB; the file from the next gateway',
  },
  {
    id: 'ipfs-drip',
    source: 'ipfs, a gateway',
    failure: 'a byte every 100 ms, for ever; nothing at all',
    target: '`timed-out` in time',
  },
  {
    id: 'ipfs-cid',
    source: 'ipfs',
    failure: 'a CID by SHA-1, one of another codec, one that holds the file itself',
    target: '`bad-reference`, no request',
  },
  {
    id: 'ipfs-private',
    source: 'ipfs, a gateway',
    failure: 'gateways on private addresses that nobody allowed',
    target: '`forbidden-address`, no connection',
  },
  {
    id: 'ipfs-node',
    source: 'ipfs, a configured node',
    failure: 'nobody listens',
    target: 'the file from a gateway',
  },
  {
    id: 'data-bad',
    source: 'data',
    failure: 'malformed ones; one byte more than the bound',
    target: '`unreadable`',
  },
  {
    id: 'scheme',
    source: 'any other',
    failure: '`file:`, `http:`, `blob:`, `javascript:`, `ftp:`, `//host`, `../a`, nothing',
    target: '`unsupported-source`, no request',
  },
  {
    id: 'reference',
    source: 'any',
    failure: 'a hash that is none; a size of 10^15 bytes',
    target: '`bad-reference`, `too-large`, no request',
  },
  {
    id: 'order',
    source: 'three of one file',
    failure: 'the first is withdrawn, the second gives another file',
    target: 'the file from the third',
  },
  {
    id: 'none',
    source: 'three of one file',
    failure: 'all three fail, each in a way of its own',
    target: '`unavailable`, each named with what it did',
  },
  {
    id: 'crowd',
    source: 'any',
    failure: '100 who want one file of a server that is silent, 99 of whom give up',
    target: 'one request; it ends with the last of them',
  },
  {
    id: 'model-addresses',
    source: 'a model',
    failure:
      'points to `http:`, `https:`, `file:`, `blob:`, a root, another host, up by `..` or its escapes, beside honest parts',
    target: '`external-uri`, nothing is asked for, the honest parts neither',
  },
  {
    id: 'model-counts',
    source: 'a model',
    failure:
      '10^9 elements in an accessor, without bytes, with a few, sparse, interleaved, compressed by Draco or meshopt',
    target: '`malformed-glb`, nothing is decoded',
  },
  {
    id: 'model-numbers',
    source: 'a model',
    failure: 'boxes of infinite and of 10^300 metres, positions that are no numbers, nodes in a circle',
    target: '`malformed-glb`',
  },
  {
    id: 'model-pictures',
    source: 'a model',
    failure:
      'pictures of 65,535 × 65,535 as PNG, JPEG, WebP and KTX2; KTX2 whose levels are not what they say',
    target: '`malformed-glb` by the head, nothing is decoded',
  },
  {
    id: 'model-draco',
    source: 'a model',
    failure: 'five meshes of Draco in 61 bytes each, that ask for up to gigabytes',
    target: '`undecodable` within 2 s each and 256 MiB; the next model decodes',
  },
  {
    id: 'model-slow',
    source: 'a model',
    failure: 'a texture that takes longer than it may',
    target: '`too-slow`, its thread is killed; the next model decodes',
  },
  {
    id: 'model-apart',
    source: 'a model',
    failure: 'five meshes of Draco in 61 bytes each, in a model that is taken apart',
    target: '`undecodable`; nothing is stored',
  },
  {
    id: 'model-thumbnail',
    source: 'a model',
    failure:
      'no surface at all; 20,000,400 triangles; numbers and indices that are none, beside a sound part',
    target: 'no thumbnail, with the reason; of the last its sound part',
  },
  {
    id: 'model-memory',
    source: 'a model, in Chromium',
    failure:
      'meshes of Draco that ask for gigabytes, for 614 MiB and for all that there may be; a gigabyte of meshopt; the largest buffer and the largest texture; a texture that is larger than it says',
    target: 'the page’s process grows by 256 MiB at most, seen from outside',
  },
] as const satisfies readonly FailureCase[];

export type FailureId = (typeof CASES)[number]['id'];

/** The rows of docs/assets.md, in order. */
export const FAILURE_CASES: readonly (FailureCase & { readonly id: FailureId })[] = CASES;
