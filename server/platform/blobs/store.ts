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
  /**
   * Removes bytes older than a day that no row speaks of, and what writes that were broken off left.
   * @param known which of these hashes have a row
   * @returns how many
   */
  sweepStrays(known: (hashes: string[]) => Promise<Set<string>>): Promise<number>;
}
