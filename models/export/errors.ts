/** Why a checkpoint cannot be made into a model directory. */
export type CheckpointErrorCode =
  /** A file or folder is not there. */
  | 'checkpoint_missing'
  /** A file is cut off, or says what cannot be. */
  | 'checkpoint_damaged'
  /** A format that is not read here. */
  | 'checkpoint_format'
  /** Tensors of another model, or of another shape than their neighbours'. */
  | 'checkpoint_mismatch'
  /** The disk has no room for what would be written. */
  | 'checkpoint_space';

/** What is wrong with downloaded files, in one line that says what to do. */
export class CheckpointError extends Error {
  constructor(
    readonly code: CheckpointErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'CheckpointError';
  }
}
