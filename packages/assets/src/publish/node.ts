export { fileKindOf } from './file-kind.ts';
export { packGltf } from './pack-gltf.ts';
export { drawPicture } from './picture/node.ts';
export { publishFile } from './publish-file.ts';
export { reportLines } from './report/model-report.ts';
export { openWorkshop } from './workshop/node.ts';
