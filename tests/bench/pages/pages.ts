/** What people see of leaderboard and runs in a browser. */
import type { DemoStudio } from '../demo/studio';
import { addFrames, launch, loads, open, scroll } from '../browser';
import type { Report } from '../eval/report';
import type { Seeded } from './seed';

export async function pages(report: Report, web: DemoStudio, seeded: Seeded, runs: number): Promise<void> {
  const browser = await launch();
  try {
    // The first load of all warms the server up.
    await loads(browser, web, { path: '/leaderboard', runs: 1 });
    const shown = {
      '/leaderboard': 200,
      '/leaderboard/geneval': 200,
      '/runs': null,
      [`/runs/${seeded.large}`]: null,
    };
    for (const [path, script] of Object.entries(shown)) {
      report.begin();
      const first = await loads(browser, web, { path, runs });
      const name = path === `/runs/${seeded.large}` ? '/runs/… of 100,000 samples' : path;
      report.add(`${name}: largest contentful paint`, first.lcp, 's', { bar: { is: '≤', than: 1 } });
      report.add(`${name}: script, compressed`, first.script, 'kB', {
        bar: script === null ? undefined : { is: '≤', than: script },
      });
      report.add(`${name}: layout shift`, first.cls, '', { bar: { is: '≤', than: 0.02 } });
    }
  } finally {
    await browser.close();
  }
}

/** Down the sample browser of the large run; its pictures have no bytes here, so that each tile is drawn without one. */
export async function scrolling(
  report: Report,
  web: DemoStudio,
  { large }: Seeded,
  count: number,
): Promise<void> {
  const browser = await launch();
  try {
    const page = await open(browser, web);
    await page.goto(`/runs/${large}?view=samples`, { waitUntil: 'networkidle' });
    await page.locator('[data-tile]').first().waitFor();
    report.begin();
    const got = await scroll(page, { selector: '[data-tile]', by: 300, until: 'data-tile', count });
    addFrames(report, `down ${count} of 100,000 samples`, count, got);
  } finally {
    await browser.close();
  }
}
