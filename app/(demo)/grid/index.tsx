export { GridCard } from './card';
export { GridDialog } from './dialog';
export { groupGrids } from './group';
