export { openWorkshop } from '../workshop/node.ts';
export { fileKindOf } from './file-kind.ts';
export { packGltf } from './pack-gltf.ts';
export { publishFile } from './publish-file.ts';
export { reportLines } from './report/model-report.ts';
export { drawerOf } from './thumbnail/node.ts';
