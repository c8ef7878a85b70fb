/** Bytes under the sha256 of themselves. */
export interface BlobStore {
  /** Stores bytes under their hash; storing the same bytes again changes nothing.
   * @returns whether they were new
   * @throws StudioError DISK_FULL, NOT_WRITABLE */
  put(hash: string, bytes: Uint8Array): Promise<boolean>;
  /** The bytes, or null when there are none under this hash. */
  get(hash: string): Promise<Buffer | null>;
  has(hash: string): Promise<boolean>;
  remove(hash: string): Promise<void>;
}
