/** How pages tell metrics: as every table and export does. */
export { plainFigure, scaleOf, verdictMetric } from '../../../eval/benchmarks/metric';
