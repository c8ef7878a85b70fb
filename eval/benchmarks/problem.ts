/** Why something that was to be scored counts for nothing. */
export interface Problem {
  /** The file, folder, line or item, e.g. `line 7`. */
  where: string;
  reason: string;
}
