/**
 * Whether JSON has more than so many values. To be asked before it is parsed: a hundred million bytes of `[{},{},…]`
 * become gigabytes of objects. Marks within strings count too, so `most` is to be generous.
 */
export function hasMoreValues(json: Uint8Array, most: number): boolean {
  let count = 0;
  for (const byte of json) {
    // { [ , and what ends a line.
    if (byte !== 0x7b && byte !== 0x5b && byte !== 0x2c && byte !== 0x0a && byte !== 0x0d) continue;
    if (++count > most) return true;
  }
  return false;
}
