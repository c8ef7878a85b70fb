import { expect, test } from 'vitest';
import type { GenerationView } from '@/server/demo/schema';
import { groupGrids } from './group';

const item = (id: string, grid: string | null = null) =>
  ({ id, grid: grid && { id: grid, x: 0, y: 0 } }) as GenerationView;

test('the cells of a grid that follow one another are one item of the thread', () => {
  const items = [item('1'), item('2', 'g'), item('3', 'g'), item('4', 'h'), item('5')];
  expect(
    groupGrids(items).map((group) =>
      group.grid === null ? group.generation.id : [group.grid, group.generations.map(({ id }) => id)],
    ),
  ).toEqual(['1', ['g', ['2', '3']], ['h', ['4']], '5']);
});
