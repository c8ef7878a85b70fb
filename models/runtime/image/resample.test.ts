import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { testImage } from '../testing/tiny';
import { cropCenterSquare, resize, type Resampling } from './resample';

/** sha256 of the bytes that Pillow 13.0 gives for `testImage(23, 17)`. */
const pillow: [Resampling, number, number, string][] = [
  ['bicubic', 7, 5, 'cc1977af3e103eea3d4c85ecbcf4adcd3c2ab81919f0c4796db39dbd1f3d1997'],
  ['bicubic', 40, 31, '7573eb11926de0879621795e81f24f5f5295f95684b2fb2840c71f842fa20a64'],
  ['bicubic', 23, 9, '79eedbe2d631ae6ecd00685729cc415a9a58cc1e1f34e2022a4fda2c8d5ac4be'],
  ['bicubic', 252, 252, '975b6cdbae99da67fdd5ede4c2cd217ea988eb07f48cb56afb95b0a1db70a4c7'],
  ['bicubic', 1, 1, '0e232544c50f480dd80421de5f0c7d2bf21eecc88505b77fbb722347c0e88561'],
  ['bilinear', 7, 5, '2c9b0171ea764e841a572453ece836e6343ca574e9aee9a9b48db1c5d940a241'],
  ['bilinear', 40, 31, '1bee6a4d4effe08ff179af050a3f378c5ee48e046d0451f7ad8e65326ce11e04'],
  ['bilinear', 23, 9, 'b30ae58e0a9c584bbe5f85690d8ec9fd4514d4c8a8f0590405b07a1cb18319b8'],
  ['bilinear', 252, 252, 'a71c7110945ac496bbe114a3f3c2fe9f37af3971be5ea213bf40910644ecc4dc'],
  ['bilinear', 1, 1, '0e232544c50f480dd80421de5f0c7d2bf21eecc88505b77fbb722347c0e88561'],
];

describe('resizing', () => {
  it.each(pillow)('%s to %i×%i gives the bytes of Pillow', (resampling, width, height, sha256) => {
    const { data } = resize(testImage(23, 17), width, height, resampling);
    expect(createHash('sha256').update(data).digest('hex')).toBe(sha256);
  });

  it('to the same size changes nothing', () => {
    const image = testImage(5, 4);
    expect(resize(image, 5, 4, 'bicubic')).toBe(image);
  });
});

it('the centred square leaves an odd rest on the right and below', () => {
  const image = testImage(6, 3);
  const square = cropCenterSquare(image);
  expect([square.width, square.height]).toEqual([3, 3]);
  expect([...square.data.subarray(0, 9)]).toEqual([...image.data.subarray(3, 12)]);
  expect(cropCenterSquare(testImage(3, 8)).data).toEqual(testImage(3, 8).data.slice(2 * 9, 5 * 9));
});
