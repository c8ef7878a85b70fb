/**
 * `npm run bench:pages`: leaderboard, runs and reviews on a million samples in 501 runs, line by line against its bar, as
 * a table and as JSON in var/bench. Nothing here fails for being slow; a line that cannot be measured says why.
 *
 * Usage: npm run bench:pages -- [--quick] [--only queries,reviews,pages,scrolling,exports,recorded]
 * `--quick` works on a hundredth of the rows: it shows that every line works, and its figures are not to be told.
 */
import { createStudio } from '../../support/studio';
import { withStudio } from '../demo/studio';
import { runLines } from '../run-lines';
import { exports } from './exports';
import { pages, scrolling } from './pages';
import { recorded } from './recorded';
import { queries } from './queries';
import { reviews } from './reviews';
import { seedRuns, type Seeded } from './seed';

await withStudio(async (web) => {
  const studio = await createStudio(web.url);
  let seeding: Promise<Seeded> | null = null;
  const seeded = (quick: boolean) => {
    console.error('  filling the database …');
    return (seeding ??= seedRuns(web.db, quick ? 0.01 : 1));
  };
  try {
    await runLines('pages', 'Pages', {
      queries: async (report, { quick }) =>
        queries(report, studio.services.db, studio.as(), await seeded(quick), quick ? 20 : 200),
      reviews: async (report, { quick }) => reviews(report, studio, await seeded(quick), quick ? 20 : 200),
      pages: async (report, { quick }) => pages(report, web, await seeded(quick), quick ? 1 : 5),
      scrolling: async (report, { quick }) => scrolling(report, web, await seeded(quick), quick ? 200 : 5000),
      exports: async (report, { quick }) => exports(report, web, await seeded(quick)),
      recorded: async (report, { quick }) => recorded(report, web, quick ? 1 : 5),
    });
  } finally {
    await studio.close();
  }
});
