export { DAG_PB, inlineBlock, isAllowedCid, namesOf, parseCid, RAW, readCid } from './cid.ts';
export { type EntryStep, findEntry } from './find-entry.ts';
export { type Block, type ImportedFile, importFile } from './import-file.ts';
export { MAX_BLOCK_BYTES, MAX_DAG_BLOCKS, MAX_DAG_DEPTH, MAX_DAG_OVERHEAD_BYTES } from './limits.ts';
export { type FilePart, readNode, type UnixfsNode } from './unixfs-node.ts';
export { isBlock } from './verify-block.ts';
