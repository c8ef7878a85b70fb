import { ModelError } from '../errors';
import type { GraphName, GraphSpec, Manifest } from '../manifest';

/** Inputs and outputs that the pipeline feeds and reads. A decoder declares those of the optional ones it has. */
interface Signature {
  inputs: readonly string[];
  optional?: readonly string[];
  outputs: readonly string[];
}

const decoder: Signature = {
  inputs: ['latents'],
  optional: ['timestep', 'modulation', 'cond', 'image_embeds', 'reference_embeds', 'img_ids', 'guidance'],
  outputs: ['velocity'],
};

const modulation: Signature = { inputs: ['timestep'], outputs: ['modulation'] };

const signatures: Record<GraphName, Signature> = {
  vision_encoder: { inputs: ['pixel_values', 'image_grid_thw'], outputs: ['image_embeds'] },
  embed_tokens: { inputs: ['input_ids'], outputs: ['inputs_embeds'] },
  language_model: {
    inputs: ['inputs_embeds', 'attention_mask', 'position_ids'],
    // Of one that decodes several tokens in one run.
    optional: ['steps', 'position', 'forbidden', 'ends'],
    outputs: ['logits', 'hidden_states'],
  },
  vision_head: { inputs: ['hidden_states'], outputs: ['image_embeds'] },
  generation_projector: { inputs: ['image_embeds'], optional: ['coords'], outputs: ['cond'] },
  generation_modulation: modulation,
  generation_decoder: decoder,
  editing_projector: {
    inputs: ['image_embeds', 'reference_embeds'],
    optional: ['coords'],
    outputs: ['cond'],
  },
  editing_modulation: modulation,
  editing_decoder: decoder,
  vae_decoder: { inputs: ['latents'], outputs: ['pixels'] },
};

/** Names of the language model's cache for one layer, as inputs and as outputs. */
export function cacheNames(layer: number): { past: [string, string]; present: [string, string] } {
  return {
    past: [`past_key_values.${layer}.key`, `past_key_values.${layer}.value`],
    present: [`present.${layer}.key`, `present.${layer}.value`],
  };
}

/** Whether an output of the language model is a part of its cache. */
export const isCache = (output: string): boolean => output.startsWith('present.');

/** Inputs and outputs of a loaded graph. */
export interface Found {
  inputs: readonly string[];
  outputs: readonly string[];
}

/**
 * Checks that a loaded graph has the inputs and outputs that its manifest declares, and no others.
 * @throws ModelError `graph_mismatch`
 */
export function checkDeclared(name: string, spec: GraphSpec, found: Found): void {
  for (const side of ['inputs', 'outputs'] as const) {
    const declared = Object.keys(spec[side]);
    for (const tensor of declared)
      if (!found[side].includes(tensor))
        mismatch(name, spec, `lacks ${side.slice(0, -1)} ${tensor} of the manifest`);
    for (const tensor of found[side])
      if (!declared.includes(tensor))
        mismatch(name, spec, `has ${side.slice(0, -1)} ${tensor}, not in the manifest`);
  }
}

/**
 * Checks that a graph has the inputs and outputs that the pipeline needs, and no input that it does not know.
 * @throws ModelError `graph_mismatch`
 */
export function checkSignature(name: GraphName, spec: GraphSpec, manifest: Manifest, found: Found): void {
  const { inputs, outputs, optional = [] } = signatures[name];
  const needed = { inputs: [...inputs], outputs: [...outputs] };
  if (name === 'language_model')
    for (let layer = 0; layer < manifest.language_model.layers; layer++) {
      needed.inputs.push(...cacheNames(layer).past);
      needed.outputs.push(...cacheNames(layer).present);
    }
  for (const side of ['inputs', 'outputs'] as const)
    for (const tensor of needed[side])
      if (!found[side].includes(tensor)) mismatch(name, spec, `lacks ${side.slice(0, -1)} ${tensor}`);
  for (const tensor of found.inputs)
    if (!needed.inputs.includes(tensor) && !optional.includes(tensor))
      mismatch(name, spec, `has input ${tensor}, which the pipeline does not know`);
  if (
    signatures[name] === decoder &&
    !found.inputs.includes('timestep') &&
    !found.inputs.includes('modulation')
  )
    mismatch(name, spec, 'has neither input timestep nor modulation');
  if (
    signatures[name] === decoder &&
    !found.inputs.includes('cond') &&
    !found.inputs.includes('image_embeds')
  )
    mismatch(name, spec, 'has neither input cond nor image_embeds');
}

function mismatch(name: string, spec: GraphSpec, what: string): never {
  throw new ModelError(
    'graph_mismatch',
    `The graph ${name} (${spec.file}) ${what}. Export the model again so that graph and manifest agree.`,
  );
}
