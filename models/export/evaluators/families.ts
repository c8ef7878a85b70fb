import { planClip } from './clip';
import { planDino, planDinov2 } from './dino';
import { planMask2Former } from './mask2former';
import type { EvaluatorPlan, FamilyOptions } from './plan';
import type { Weights } from './weights';

/** Evaluators whose downloaded files can be made into a directory. */
export const families = [
  {
    name: 'clip-vit-b32',
    kind: 'clip',
    title: 'CLIP ViT-B/32, for editing scores',
    from: 'OpenAI’s ViT-B-32.pt, or openai/clip-vit-base-patch32 on Hugging Face',
    licence: 'MIT',
  },
  {
    name: 'clip-vit-l14',
    kind: 'clip',
    title: 'CLIP ViT-L/14, for the colours of GenEval and for editing scores',
    from: 'OpenAI’s ViT-L-14.pt, or openai/clip-vit-large-patch14 on Hugging Face',
    licence: 'MIT',
  },
  {
    name: 'dino-vits16',
    kind: 'dino',
    title: 'DINO ViT-S/16, for editing scores',
    from: 'facebookresearch’s dino_deitsmall16_pretrain.pth, or facebook/dino-vits16 on Hugging Face',
    licence: 'Apache-2.0',
  },
  {
    name: 'dinov2',
    kind: 'dino',
    title: 'DINOv2, another encoder for editing scores',
    from: 'facebook/dinov2-small, -base or -large on Hugging Face',
    licence: 'Apache-2.0',
  },
  {
    name: 'mask2former-swin-s',
    kind: 'detector',
    title: 'Mask2Former Swin-S for instances of COCO, the detector of GenEval',
    from: 'mmdetection’s mask2former_swin-s-p4-w7-224_lsj_8x2_50e_coco .pth, or facebook/mask2former-swin-small-coco-instance on Hugging Face',
    licence: 'Apache-2.0 (mmdetection)',
  },
] as const;

export type FamilyName = (typeof families)[number]['name'];

/** What reads a checkpoint of a family. Sizes come from its files, whatever it is called. */
export const planners: Record<
  FamilyName,
  (weights: Weights, options: FamilyOptions) => Promise<EvaluatorPlan>
> = {
  'clip-vit-b32': planClip,
  'clip-vit-l14': planClip,
  'dino-vits16': planDino,
  dinov2: planDinov2,
  'mask2former-swin-s': planMask2Former,
};
