import { expect, test } from '@playwright/test';
import { campaign, kinds } from '../bench/faults/campaign';
import { hostileImages } from '../bench/faults/hostile-images';
import { hostileRequests } from '../bench/faults/hostile-requests';
import { withSite } from '../bench/faults/site';

/** The fast part of `npm run bench:faults`, on a studio of its own. */
test.skip(process.platform !== 'linux', 'processes are looked up in /proc');

test('killed one part after the other, the studio loses no job, does none twice, and serves again', async () => {
  const found = await withSite((site) => campaign(site, { visitors: 4, rounds: 1, jobs: 40 }));
  expect(found).toMatchObject({
    ...{ failed: 0, doubled: 0, lost: 0, stuck: 0, unequal: 0, helpless: [], orphans: [] },
    done: found.accepted,
  });
  expect(found.accepted).toBeGreaterThanOrEqual(40);
  expect(kinds.map((kind) => found.service[kind].length)).toEqual(kinds.map(() => 1));
});

test('hostile requests and images are answered, each with a code', async () => {
  const { requests, images } = await withSite(async (site) => ({
    requests: await hostileRequests(site, 400),
    images: await hostileImages(site, 250),
  }));
  expect([requests.sent, images.sent]).toEqual([400, 250]);
  expect([...requests.bad, ...images.bad]).toEqual([]);
});
