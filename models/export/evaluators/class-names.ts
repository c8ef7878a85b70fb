import { CLASSES } from '../../scenes/classes';

/**
 * What detectors call some of COCO's 80 classes, and what GenEval's object_names.txt calls them.
 * Sources: mmdetection, datasets/coco.py; the Pascal VOC names that darknet's list of COCO has.
 */
const others: Readonly<Record<string, string>> = {
  mouse: 'computer mouse',
  remote: 'tv remote',
  keyboard: 'computer keyboard',
  motorbike: 'motorcycle',
  aeroplane: 'airplane',
  sofa: 'couch',
  pottedplant: 'potted plant',
  diningtable: 'dining table',
  tvmonitor: 'tv',
  'hair dryer': 'hair drier',
  television: 'tv',
};

/**
 * The names of classes as GenEval knows them where they are COCO's 80 in COCO's order: its script looks for objects by number, and
 * takes their names from its own list. Others stay as they are.
 */
export function classNames(told: readonly string[]): string[] {
  const known = CLASSES.map(({ name }) => name);
  const named = told.map((name) => (known.includes(name) ? name : (others[name] ?? name)));
  const isCoco = named.length === known.length && named.every((name, i) => name === known[i]);
  return isCoco ? named : [...told];
}
