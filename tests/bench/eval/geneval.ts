/** GenEval's verdicts from stored detections, colours asked of nano's CLIP about the masked crops. */
import path from 'node:path';
import { colourClassifier } from '../../../eval/benchmarks/geneval/colour';
import { filterDetections } from '../../../eval/benchmarks/geneval/filter';
import { officialPrompts } from '../../../eval/benchmarks/geneval/prompts';
import { summarize } from '../../../eval/benchmarks/geneval/summary';
import { IMAGES_PER_PROMPT, type Detection, type Metadata } from '../../../eval/benchmarks/geneval/types';
import { judge } from '../../../eval/benchmarks/geneval/verdict';
import { openClip } from '../../../eval/evaluators';
import { CLASSES, COLOURS } from '../../../models/scenes/classes';
import { RELATION_PLACES, type Relation } from '../../../models/scenes/language';
import { Random } from '../../../models/scenes/random';
import { renderScene, type Picture } from '../../../models/scenes/render';
import { arrange, at, randomGround, type Scene, type Thing } from '../../../models/scenes/scene';
import { root } from '../../support/paths';
import type { Report } from './report';

/** Not a seed of any training or report. */
const seed = 3_000_000;

interface Found extends Detection {
  mask: Uint8Array;
}

interface Stored {
  picture: Picture;
  detections: Record<string, Found[]>;
}

/** Rendering is left out of the time, the loading of CLIP's graphs and the summary are in it. */
export async function geneval(report: Report, { quick }: { quick: boolean }): Promise<void> {
  const prompts = officialPrompts().filter((_, i) => !quick || i % 20 === 0);
  const clip = await openClip(path.join(root, 'models/evaluators/nano-clip'));
  const colours = colourClassifier(clip);
  const counted = { verdicts: 0, crops: 0 };
  const judged: Parameters<typeof summarize>[0][number][] = [];
  let ms = 0;
  try {
    for (const [i, metadata] of prompts.entries()) {
      const pictures: Stored[] = [];
      for (let repeat = 0; repeat < IMAGES_PER_PROMPT; repeat++)
        pictures.push(await store(metadata, new Random(seed + i, repeat)));
      const began = performance.now();
      for (const { picture, detections } of pictures) {
        const found = filterDetections<Found>(detections, metadata.tag);
        const { correct } = await judge(found, metadata, (className, objects) => {
          counted.crops += objects.length;
          return colours.classify(picture, objects, className);
        });
        judged.push({ tag: metadata.tag, metadata, correct });
        counted.verdicts++;
      }
      ms += performance.now() - began;
    }
    const began = performance.now();
    const { images } = summarize(judged);
    ms += performance.now() - began;
    report.add(`${counted.verdicts} GenEval verdicts, colours included`, ms / 1000, 's', {
      bar: { is: '<', than: 60 },
      note: `${counted.crops} crops through CLIP; ${images?.correct} correct`,
    });
  } finally {
    await clip.close();
  }
}

/** A picture that shows the prompt, with what a detector without fault would have found in it. */
async function store(metadata: Metadata, random: Random): Promise<Stored> {
  const scene = sceneOf(metadata, random);
  const { picture, boxes, masks } = await renderScene(scene);
  const detections: Record<string, Found[]> = {};
  scene.objects.forEach(({ classIndex }, i) => {
    const found = { box: boxes[i]!, mask: masks[i]!, score: 0.95 + random.float() * 0.05 };
    (detections[CLASSES[classIndex]!.name] ??= []).push(found);
  });
  return { picture, detections };
}

/** On one of the world's grounds, objects a little off their cells, so that the four pictures differ. */
function sceneOf({ include }: Metadata, random: Random): Scene {
  const things = include.flatMap(({ class: name, count, color }) => {
    const thing: Thing = {
      classIndex: CLASSES.findIndex((one) => one.name === name),
      colourIndex: color === undefined ? null : COLOURS.findIndex((one) => one.name === color),
    };
    return Array<Thing>(count).fill(thing);
  });
  const relation = include[1]?.position?.[0] as Relation | undefined;
  const objects = relation
    ? // The second is in the relation to the first.
      [at(things[0]!, RELATION_PLACES[relation][1]), at(things[1]!, RELATION_PLACES[relation][0])]
    : arrange(things);
  const off = () => (random.float() - 0.5) * 0.3;
  return {
    style: 'noto',
    ground: randomGround(random, 0.5),
    objects: objects.map((object) => ({ ...object, jitter: [off(), off()] })),
  };
}
