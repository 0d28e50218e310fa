const MIB = 1024 * 1024;

/** One block, in bytes: what every part of IPFS passes on. */
export const MAX_BLOCK_BYTES = 2 * MIB;
/** Links of one node. Kubo gives a file's nodes 174, and keeps directories of this size in shards. */
export const MAX_NODE_LINKS = 8192;
/** Nodes between the root of a file, or of the directory that holds it, and its bytes. */
export const MAX_DAG_DEPTH = 32;
/** Blocks that are looked at for one file, each time that one is. */
export const MAX_DAG_BLOCKS = 16_384;
/** What the blocks of a file may hold beside the file itself, in bytes: nodes, and directories on the way to it. */
export const MAX_DAG_OVERHEAD_BYTES = 8 * MIB;
/** What a CID may hold itself instead of a hash, in bytes; Kubo’s own bound. */
export const MAX_IDENTITY_BYTES = 128;
/** Gateways that are asked for one file. */
export const MAX_GATEWAYS = 8;
/** Blocks of one file that are on their way at once. */
export const PARALLEL_BLOCKS = 6;
/** How long one gateway may take for one block, in milliseconds. */
export const BLOCK_DEADLINE_MS = 8_000;
/** How long a gateway that is busy is left alone before it is asked again, in milliseconds. */
export const BUSY_WAIT_MS = 1_000;
/** How often a gateway may be busy about one block. */
export const MAX_BUSY_ANSWERS = 3;
/** How long an IPFS client may take until the first bytes of a file come, in milliseconds: one that searches the network may never end. */
export const CLIENT_DEADLINE_MS = 10_000;

/** Bytes of a file in one block; with the next, what makes its CID that of `ipfs add --cid-version=1 --raw-leaves`. */
export const CHUNK_BYTES = 256 * 1024;
export const LINKS_PER_NODE = 174;
