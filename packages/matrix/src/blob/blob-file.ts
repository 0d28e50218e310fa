/** How blobs are named in media repositories: what they are is nobody's business there. */
export const BLOB_TYPE = 'application/octet-stream';
export const BLOB_NAME = 'world.weft';
