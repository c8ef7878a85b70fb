/** How pages tell figures: as every table and export does. */
export { plainFigure, scaleOf } from '../../eval/benchmarks/metric';
