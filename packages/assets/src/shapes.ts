export { SHAPES } from './shape/shapes.ts';
