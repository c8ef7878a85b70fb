/** What the tensors of known models are called, those first whose names are also a part of others'. */
const kinds: readonly { of: string; has: RegExp }[] = [
  { of: 'FLUX.1 in the names of Black Forest Labs', has: /^(model\.diffusion_model\.)?double_blocks\./ },
  { of: 'FLUX.1 in the names of diffusers', has: /^(single_)?transformer_blocks\./ },
  { of: 'Stable Diffusion', has: /^(model\.diffusion_model|first_stage_model|cond_stage_model)\./ },
  { of: 'a LoRA', has: /\.lora_(A|B|up|down)\./ },
  { of: 'SigLIP', has: /^(text_model\.head\.|vision_model\.head\.attention\.)/ },
  { of: 'CLIP', has: /^(text_model|vision_model)\./ },
  { of: 'CLIP with a ResNet', has: /^visual\.layer\d\.\d+\.conv\d\./ },
  { of: 'CLIP in the names of OpenAI', has: /^(visual\.)?transformer\.resblocks\./ },
  {
    of: 'Mask2Former in the names of Hugging Face',
    has: /^model\.(pixel_level_module|transformer_module)\./,
  },
  {
    of: 'Mask2Former in the names of mmdetection',
    has: /^panoptic_head\.(pixel_decoder|transformer_decoder)\./,
  },
  { of: 'another detector of mmdetection', has: /^((rpn|roi|bbox|mask|panoptic)_head|neck)\./ },
  { of: 'DINOv2', has: /^(dinov2\.)?encoder\.layer\.\d+\.layer_scale1\.|^blocks\.(\d+\.)?\d+\.ls1\./ },
  {
    of: 'a vision transformer in the names of Hugging Face',
    has: /^(vit\.)?encoder\.layer\.\d+\.attention\.attention\./,
  },
  { of: 'BERT', has: /^(bert\.)?encoder\.layer\.\d+\.attention\.self\./ },
  {
    of: 'a vision transformer in the names of DINO',
    has: /^((teacher|student)\.)?(module\.)?(backbone\.)?blocks\.\d+\.attn\.qkv\./,
  },
  { of: 'a ResNet', has: /^(module\.)?layer\d\.\d+\.conv\d\./ },
  { of: 'T5', has: /^encoder\.block\.\d+\.layer\./ },
  { of: 'Janus', has: /^(gen_vision_model|gen_aligner|aligner)\./ },
  { of: 'Nexus-Gen V2', has: /^(vision_head\.weight|image_prefill_embeds\.weight|pipe\.dit\..*)$/ },
  { of: 'Qwen2.5-VL', has: /^visual\.blocks\.\d+\.attn\.qkv\./ },
  { of: 'Qwen3-VL or another Qwen-VL in newer names', has: /^model\.(language_model|visual)\./ },
  { of: 'a language model without a vision encoder', has: /^model\.layers\.\d+\./ },
];

/** Which model tensors of these names look like; undefined for one that is not known. */
export function looksLike(tensors: Iterable<string>): string | undefined {
  const names = [...tensors];
  return kinds.find(({ has }) => names.some((name) => has.test(name)))?.of;
}
