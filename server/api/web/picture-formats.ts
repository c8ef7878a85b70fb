/** What a file is, what is taken and up to which size, for pages too: no decoder comes along. */
export {
  formatBytes,
  formatNames,
  formatOf,
  imageLimits,
  isAnimatedFile,
  takenFormats,
  type KnownFormat,
} from '../../../models/runtime/image/format';
