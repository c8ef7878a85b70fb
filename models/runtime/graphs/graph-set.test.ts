import { describe, expect, test } from 'vitest';
import type { Graph } from './graph';
import { graphSet, type Session } from './graph-set';

/** Graphs that say when they are loaded and closed, and refuse to run afterwards. */
function counted() {
  const said: string[] = [];
  const set = graphSet<'a'>(['a'], async (name): Promise<Session<'a'>> => {
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

describe('where memory is limited', () => {
  const sizes = { a: 4, b: 4, c: 4, huge: 11 };
  type Name = keyof typeof sizes;

  /** Ten bytes for graphs of four. A run lasts until it is released. */
  function limited() {
    const said: string[] = [];
    const held = new Set<Name>();
    let most = 0;
    const running: (() => void)[] = [];
    const set = graphSet<Name>(
      Object.keys(sizes) as Name[],
      async (name): Promise<Session<Name>> => {
        held.add(name);
        said.push(`load ${name}`);
        most = Math.max(
          most,
          [...held].reduce((sum, one) => sum + sizes[one], 0),
        );
        return {
          name,
          spec: { file: `${name}.onnx`, inputs: {}, outputs: {} },
          run: async () => {
            if (!held.has(name)) throw new Error('closed');
            await new Promise<void>((resolve) => running.push(resolve));
            if (!held.has(name)) throw new Error('closed while it ran');
            return {};
          },
          close: async () => {
            await new Promise(setImmediate);
            held.delete(name);
            said.push(`close ${name}`);
          },
        };
      },
      { bytesOf: (name) => sizes[name], limit: 10 },
    );
    const release = () => running.splice(0).forEach((end) => end());
    const turn = () => new Promise(setImmediate);
    const run = async (name: Name) => {
      const graph = await set.get(name);
      const ended = graph.run({});
      await turn();
      release();
      return ended;
    };
    return { set, said, run, release, turn, most: () => most };
  }

  test('the one that was used least recently makes room, and is loaded again when it runs', async () => {
    const { set, said, run, most } = limited();
    const a = await set.get('a');
    await run('b');
    await run('a');
    await run('c');
    expect(said).toEqual(['load a', 'load b', 'close b', 'load c']);
    expect(set.loaded()).toEqual({
      graphs: [
        { name: 'a', bytes: 4 },
        { name: 'c', bytes: 4 },
      ],
      loading: [],
      tooLarge: [{ name: 'huge', bytes: 11 }],
      limit: 10,
    });
    await run('b');
    await run('c');
    expect(said.slice(4)).toEqual(['close a', 'load b']);
    const again = a.run({});
    await expect.poll(() => said.at(-1)).toBe('load a');
    expect(most()).toBe(8);
    void again.catch(() => undefined);
  });

  test('a graph that runs is not taken away: who needs its room waits', async () => {
    const { set, said, release, turn, most } = limited();
    const [a, b] = [await set.get('a'), await set.get('b')];
    const [first, second] = [a.run({}), b.run({})];
    const third = set.get('c');
    const fourth = set.get('c');
    for (let i = 0; i < 5; i++) await turn();
    expect(said).toEqual(['load a', 'load b']);
    expect(set.loaded().loading).toEqual([{ name: 'c', bytes: 4, since: expect.any(Number) }]);
    release();
    await Promise.all([first, second, third, fourth]);
    expect(said).toEqual(['load a', 'load b', 'close a', 'load c']);
    expect(most()).toBe(8);
  });

  test('many at once never hold more than may be held, and none waits for ever', async () => {
    const { set, release, turn, most } = limited();
    const names: Name[] = ['a', 'b', 'c', 'a', 'c', 'b', 'b', 'a', 'c'];
    let left = names.length;
    const all = names.map(async (name, i) => {
      if (i % 2 === 0) await (await set.get(name)).run({});
      else await set.borrow(name, (graph) => graph.run({}));
      left--;
    });
    while (left > 0) {
      release();
      await turn();
    }
    await Promise.all(all);
    expect(most()).toBeLessThanOrEqual(10);
  });

  test('what is larger than all of it is refused, and keeps nobody waiting', async () => {
    const { set } = limited();
    await expect(set.get('huge')).rejects.toMatchObject({
      code: 'does_not_fit',
      message: expect.stringContaining('DEVICE_MEMORY') as string,
    });
    await expect(set.get('a')).resolves.toMatchObject({ name: 'a' });
  });

  test('graphs are refused before any is loaded where one of them is larger than all of it', () => {
    const { set, said } = limited();
    expect(() => set.admit(['a', 'b', 'c'])).not.toThrow();
    expect(() => set.admit(['a', 'huge'])).toThrow(/The graph huge needs/);
    expect(said).toEqual([]);
  });

  test('ahead of time only those are loaded for which there is room', async () => {
    const { set, said } = limited();
    await set.preload(['huge', 'a', 'b', 'c']);
    expect(said).toEqual(['load a', 'load b']);
  });

  test('what could not be loaded leaves its room', async () => {
    let attempts = 0;
    const set = graphSet<'a'>(
      ['a'],
      async (name) => {
        if (attempts++ < 3) throw new Error('no');
        return {
          name,
          spec: { file: '', inputs: {}, outputs: {} },
          run: async () => ({}),
          close: async () => {},
        };
      },
      { bytesOf: () => 8, limit: 10 },
    );
    for (let i = 0; i < 3; i++) await expect(set.get('a')).rejects.toThrow('no');
    await expect(set.get('a')).resolves.toBeTruthy();
  });
});
