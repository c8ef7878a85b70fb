/**
 * A mask as run lengths: how many pixels in turn are not of the object and are, row by row, beginning with those that are
 * not (so the first may be 0). Their sum is the number of pixels.
 */
export function maskRuns(mask: Uint8Array): number[] {
  const runs: number[] = [];
  let from = 0;
  let inside = false;
  for (let i = 0; i < mask.length; i++)
    if ((mask[i] !== 0) !== inside) {
      runs.push(i - from);
      from = i;
      inside = !inside;
    }
  runs.push(mask.length - from);
  return runs;
}

/** The mask again, 1 where the object is. @throws RangeError where the runs are not of so many pixels */
export function maskOf(runs: readonly number[], pixels: number): Uint8Array {
  const mask = new Uint8Array(pixels);
  let at = 0;
  for (const [i, length] of runs.entries()) {
    if (i % 2 === 1) mask.fill(1, at, at + length);
    at += length;
  }
  if (at !== pixels) throw new RangeError(`Runs of ${at} pixels do not fit ${pixels}.`);
  return mask;
}
