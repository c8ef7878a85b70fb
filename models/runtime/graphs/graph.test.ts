import { expect, test } from 'vitest';
import { graphSet, type Graph } from './graph';

/** Graphs that say when they are loaded and closed, and refuse to run afterwards. */
function counted() {
  const said: string[] = [];
  const set = graphSet<'a'>(['a'], async (name): Promise<Graph<'a'>> => {
    said.push('load');
    let open = true;
    return {
      name,
      spec: { file: 'a.onnx', inputs: {}, outputs: {} },
      run: async () => {
        await new Promise(setImmediate);
        if (!open) throw new Error('closed');
        return {};
      },
      close: async () => {
        open = false;
        said.push('close');
      },
    };
  });
  return { set, said };
}

test('a borrowed graph is closed by the last of those who overlap, and loaded again later', async () => {
  const { set, said } = counted();
  const twice = (graph: Graph<'a'>) => graph.run({}).then(() => graph.run({}));
  await Promise.all([set.borrow('a', (graph) => graph.run({})), set.borrow('a', twice)]);
  expect(said).toEqual(['load', 'close']);
  await set.borrow('a', twice);
  expect(said).toEqual(['load', 'close', 'load', 'close']);
});

test('work that fails lets go of its graph too', async () => {
  const { set, said } = counted();
  await expect(set.borrow('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(said).toEqual(['load', 'close']);
});
