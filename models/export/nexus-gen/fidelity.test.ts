import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localGraphs, openGraphs } from '../../runtime/graphs/local';
import type { GraphSet } from '../../runtime/graphs/graph';
import { float32, floatsOf } from '../../runtime/graphs/tensor';
import { argmax, LanguageModel, type StepOutput } from '../../runtime/language-model';
import { loadManifest, type GraphSpec, type LoadedManifest } from '../../runtime/manifest';
import { generatedPositions, textPositions } from '../../runtime/positions';
import { fluxModulation } from '../graphs/flux';
import { write, type WrittenGraph } from '../graphs/write';
import { checkpoints, expectedOf, relativeError, removeUnpacked } from '../testing/expected';
import { addNexusGen } from './add';
import { readCheckpoint, type Checkpoint } from './checkpoint';
import { differenceTable } from './fidelity';
import { embeddedGuidance, writeGraph } from './graphs';

afterAll(removeUnpacked);

/** To the nearest bfloat16, halves to even. */
function rounded(value: number): number {
  const [bits] = new Uint32Array(new Float32Array([value]).buffer) as unknown as [number];
  const kept = ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) << 16;
  return new Float32Array(new Uint32Array([kept]).buffer)[0]!;
}

describe.each(checkpoints)(
  'what bfloat16 makes of the decoders’ inputs, on the checkpoint $name',
  ({ open }) => {
    let dir: string;
    let checkpoint: Checkpoint;
    let expected: ReturnType<typeof expectedOf>;
    let graphs: GraphSet<string>;
    /** 3500 where it is multiplied by 1000. */
    const inHalf = rounded(embeddedGuidance * 1000) / 1000;

    beforeAll(async () => {
      dir = await mkdtemp(path.join(tmpdir(), 'fidelity-'));
      const folder = await open();
      checkpoint = await readCheckpoint(folder);
      expected = expectedOf(folder);
      const pooled = expected.floats(expected.constants.pooled);
      const specs: Record<string, GraphSpec> = {};
      const put = async (name: string, { bytes, weights, inputs, outputs }: WrittenGraph) => {
        await writeFile(path.join(dir, `${name}.onnx`), bytes);
        specs[name] = { file: `${name}.onnx`, weights, inputs, outputs };
      };
      for (const kind of ['generation', 'editing'] as const) {
        const made = { pooled, grids: { target: [9, 9], reference: [18, 18] } } as const;
        await put(kind, writeGraph(`${kind}_decoder`, checkpoint, made, { compute: 'float32' }));
        for (const guidance of [embeddedGuidance, inHalf])
          await put(
            `${kind} ${guidance}`,
            write('modulation', checkpoint.parts[kind], { compute: 'float32' }, (layers) =>
              fluxModulation(layers, { pooled, guidance }),
            ),
          );
      }
      graphs = openGraphs<string>(dir, specs, { device: 'cpu' });
    });
    afterAll(async () => {
      await graphs?.close();
      await rm(dir, { recursive: true, force: true });
    });

    /** Errors of the velocity: of another guidance, and of rounded places of the condition’s tokens. */
    async function errorsOf(kind: 'generation' | 'editing'): Promise<{ guidance: number; places: number }> {
      const most = { guidance: 0, places: 0 };
      for (const one of expected.cases.filter(
        ({ graph, denoise }) => graph === `${kind}_decoder` && !denoise,
      )) {
        const tensor = (name: string) => {
          const stored = one.inputs[name]!;
          return float32(expected.floats(stored), stored.shape);
        };
        const { data, dims } = expected.condition(one);
        const [, tokens, width] = dims as [number, number, number];
        const velocity = async (guidance: number, cond: Float32Array) => {
          const modulation = await graphs.get(`${kind} ${guidance}`);
          const rows = (await modulation.run({ timestep: tensor('timestep') })).modulation!;
          const decoder = await graphs.get(kind);
          const feeds = { latents: tensor('latents'), modulation: rows, cond: float32(cond, dims) };
          return floatsOf((await decoder.run(feeds)).velocity!);
        };
        const usual = await velocity(embeddedGuidance, data);
        most.guidance = Math.max(most.guidance, relativeError(await velocity(inHalf, data), usual));
        const sides = one.inputs.latents!.shape.slice(2);
        const places = data.slice();
        for (let token = 0; token < tokens; token++)
          for (const [i, side] of sides.entries()) {
            const at = token * width + width - 2 + i;
            places[at] = rounded(places[at]! * side) / side;
          }
        most.places = Math.max(most.places, relativeError(await velocity(embeddedGuidance, places), usual));
      }
      return most;
    }

    it('guidance becomes 3504, which moves the velocity by up to 4.2 %', async () => {
      expect(inHalf).toBe(3.504);
      const found = [await errorsOf('generation'), await errorsOf('editing')];
      for (const { guidance } of found) {
        expect(guidance).toBeGreaterThan(0.02);
        expect(guidance).toBeLessThan(0.042);
      }
    });

    it('places of an edit’s tokens are rounded, which moves it by 0.002 %', async () => {
      expect(rounded(3.5556)).toBe(3.5625);
      const { places } = await errorsOf('editing');
      expect(places).toBeGreaterThan(0);
      expect(places).toBeLessThan(2.1e-5);
    });
  },
);

describe.each(checkpoints)('how the language model goes on, on the checkpoint $name', ({ name, open }) => {
  let home: string;
  let model: LoadedManifest;
  let graphs: GraphSet;
  let language: LanguageModel;
  let prompt: StepOutput;
  let next: number;

  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'fidelity-'));
    const folder = await open();
    const expected = expectedOf(folder);
    await addNexusGen({ weights: folder, out: path.join(home, 'model') });
    model = await loadManifest(path.join(home, 'model'));
    graphs = localGraphs(model, { device: 'cpu' });
    language = new LanguageModel(graphs, model.manifest, new Float32Array());
    const { inputs } = expected.cases.find((one) => one.name === 'lm_generate')!.steps![0]!;
    const rows = [...expected.integers(inputs.position_ids!)].map(Number);
    const n = rows.length / 3;
    next = Math.max(...rows) + 1;
    prompt = await language.forward(await language.start(), expected.floats(inputs.inputs_embeds!), {
      ...{ t: rows.slice(0, n), h: rows.slice(n, 2 * n), w: rows.slice(2 * n) },
    });
  });
  afterAll(async () => {
    await graphs?.close();
    await rm(home, { recursive: true, force: true });
  });

  it('text after an image that it made stands elsewhere, which moves its logits', async () => {
    const { target_grid: grid, tokens, hidden_size: width } = model.manifest;
    const n = grid[0] * grid[1];
    const embeds = new Float32Array((n + 1) * width);
    embeds.set(await language.embed([tokens.boi]));
    for (let i = 1; i <= n; i++) embeds.set(await language.embed([tokens.image_pad]), i * width);
    const drawn = await language.forward(prompt.state, embeds, generatedPositions(next, grid, n));
    const after = async (position: number) =>
      (await language.forward(drawn.state, await language.embed([tokens.eoi]), textPositions(position, 1)))
        .logits;
    // As in training: after the largest position. The published script counts tokens.
    const moved = relativeError(await after(next + 1 + n), await after(next + 1 + Math.max(...grid)));
    expect(moved).toBeCloseTo(name === 'tiny' ? 0.099 : 0.376, 2);
  });

  it('the penalty on repetition of the published scripts says something else once a token would come again', async () => {
    const say = async (penalty: number) => {
      const said: number[] = [];
      let step = prompt;
      for (let i = 0; i < 24; i++) {
        const logits = step.logits.slice();
        for (const id of said) logits[id] = logits[id]! > 0 ? logits[id]! / penalty : logits[id]! * penalty;
        said.push(argmax(logits));
        step = await language.forward(
          step.state,
          await language.embed([said.at(-1)!]),
          textPositions(next + i, 1),
        );
      }
      return said;
    };
    const [usual, penalised] = [await say(1), await say(1.05)];
    expect(usual.findIndex((id, i) => id !== penalised[i])).toBe(name === 'tiny' ? 6 : 22);
  });
});

it('the README has the table of the code', async () => {
  const readme = await readFile(path.join(import.meta.dirname, '../README.md'), 'utf8');
  const section = readme.split('## Where this differs from the published scripts')[1]!.split('\n## ')[0]!;
  const rows = section
    .split('\n')
    .filter((line) => /^\|(?! -)/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toEqual(differenceTable());
});
