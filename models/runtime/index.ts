/**
 * The public face of the runtime. Importing it does not load the native runtime; `loadModel` does.
 */
export {
  fileList,
  fileName,
  graphSpec,
  partSizes,
  readDirectory,
  sourceList,
  type DirectoryKind,
  type FileList,
  type GraphSpec,
  type LoadedDirectory,
  type SourceList,
} from './directory';
export { output, type Feeds, type GraphSet } from './graphs/graph';
export { float32, floatsOf, int64, type Tensor } from './graphs/tensor';
export { keepable } from './image/convert';
export { formatNames, formatOf, takenNames, type KnownFormat } from './image/format';
export { decodeImage, imageLimits, inspectImage, type ImageInfo } from './image/decode';
export { encodePng, encodeWebp } from './image/encode';
export { withPngSettings, type PictureSettings } from './image/png-settings';
export { resample, type Raster, type Resampling } from './image/resample';
export {
  CancelledError,
  DeviceError,
  errorFromJson,
  ImageError,
  messageOf,
  ModelError,
  RequestError,
  RuntimeError,
  type RuntimeErrorCode,
  type RuntimeErrorJson,
} from './errors';
export { loadManifest, manifestSchema, type LoadedManifest, type Manifest } from './manifest';
export { loadModel, openGraphs, type InferenceModel, type LoadOptions } from './model';
export type { PictureRequest, Work } from './pipeline';
export { readTokenizer } from './text/tokenizer';
export { xoshiro128 } from './random';
export { languageOf, prepareRequest, sizeForEdit, type RequestInput } from './validate';
export type * from './types';
