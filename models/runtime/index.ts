/**
 * The public face of the runtime. Importing it does not load the native runtime; `loadModel` does.
 */
export { decodeImage, imageLimits, inspectImage, type ImageFormat, type ImageInfo } from './image/decode';
export { encodePng, encodeWebp } from './image/encode';
export { resample, type Raster, type Resampling } from './image/resample';
export {
  CancelledError,
  DeviceError,
  errorFromJson,
  ImageError,
  ModelError,
  RequestError,
  RuntimeError,
  type RuntimeErrorCode,
  type RuntimeErrorJson,
} from './errors';
export { loadManifest, manifestSchema, type LoadedManifest, type Manifest } from './manifest';
export { loadModel, type InferenceModel, type LoadOptions } from './model';
export type { PictureRequest, Work } from './pipeline';
export { prepareRequest, sizeForEdit, type RequestInput } from './validate';
export type * from './types';
