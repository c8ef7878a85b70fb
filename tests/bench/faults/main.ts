/**
 * `npm run bench:faults`: a studio as `npm start` brings it up, under kills, hostile images and requests, slow and large
 * bodies, open streams, a full disk and twenty minutes of load, as a table and as JSON in var/bench.
 *
 * Usage: npm run bench:faults -- [--quick] [--only kills,images,requests,bodies,streams,disk,load]
 * `--quick` shows in a few minutes that every line works. Linux; the full disk needs root, for a small file system.
 */
import { runLines, type Lines } from '../run-lines';
import { bodies } from './bodies';
import { campaign, kinds, median } from './campaign';
import { disk } from './disk';
import { load } from './load';
import { hostileImages, type Hostile } from './hostile-images';
import { hostileRequests, warmUp } from './hostile-requests';
import { memoryOf } from './processes';
import { withSite, type Site } from './site';
import { streams } from './streams';
import type { Report } from '../eval/report';

/** What web's memory may grow to under attack, of what it was before. */
const growth = { is: '≤', than: 1.3 } as const;

const lines: Lines = {
  kills: (report, { quick }) =>
    withSite(async (site) => {
      const rounds = quick ? 1 : 22;
      const found = await campaign(site, {
        ...{ visitors: quick ? 4 : 26, rounds, jobs: quick ? 50 : 5000 },
        onKill: (kind, seconds) => console.error(`  ${kind}: ${seconds.toFixed(1)} s`),
      });
      const kills = kinds.reduce((sum, kind) => sum + found.service[kind].length, 0);
      const add = (what: string, value: number, than = 0) =>
        report.add(what, value, '', { bar: { is: '≤', than } });
      report.add('kills', kills, '', quick ? {} : { bar: { is: '≥', than: 150 } });
      report.add('jobs accepted', found.accepted, '', quick ? {} : { bar: { is: '≥', than: 5000 } });
      report.add('jobs done', found.done, '');
      add('jobs failed', found.failed);
      add('jobs lost', found.lost);
      add('jobs doubled', found.doubled);
      add('jobs stuck', found.stuck);
      add('pictures unlike others of the same settings', found.unequal);
      add('orphaned processes', found.orphans.length);
      report.add('files without a row, removed after a day', found.strays, '');
      report.add('kills that needed a person', found.helpless.length, '', {
        bar: { is: '≤', than: 0 },
        note: found.helpless.join('; ').slice(0, 200),
      });
      for (const kind of kinds)
        report.add(`until service, ${kind}`, median(found.service[kind]), 's', {
          ...(['web', 'worker', 'postmaster', 'backend'].includes(kind) && { bar: { is: '≤', than: 3 } }),
          note: `longest ${Math.max(...found.service[kind]).toFixed(1)} s of ${found.service[kind].length}`,
        });
    }),
  images: (report, { quick }) =>
    withSite((site) => attack(report, site, 'images', () => hostileImages(site, quick ? 300 : 3000))),
  requests: (report, { quick }) =>
    withSite((site) => attack(report, site, 'requests', () => hostileRequests(site, quick ? 400 : 4000))),
  bodies,
  streams,
  disk,
  load,
};

async function attack(report: Report, site: Site, what: string, work: () => Promise<Hostile>): Promise<void> {
  await warmUp(site);
  const before = memoryOf(site.home);
  const { sent, statuses, bad } = await work();
  for (const line of bad.slice(0, 20)) console.error(`  ${line}`);
  const told = Object.entries(statuses).map(([status, n]) => `${n} × ${status === '0' ? 'left' : status}`);
  report.add(`hostile ${what}`, sent, '', { note: told.join(', ') });
  report.add(`hostile ${what}: 5xx without a code, or no answer`, bad.length, '', {
    bar: { is: '≤', than: 0 },
  });
  report.add(`hostile ${what}: web’s memory, after to before`, memoryOf(site.home) / before, '×', {
    bar: growth,
  });
}

await runLines('faults', 'Faults and attacks', lines);
