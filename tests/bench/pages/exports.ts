/** A run of 100,000 samples, downloaded. */
import http from 'node:http';
import type { DemoStudio } from '../demo/studio';
import type { Report } from '../eval/report';
import type { Seeded } from './seed';

export async function exports(report: Report, web: DemoStudio, { large }: Seeded): Promise<void> {
  for (const format of ['jsonl', 'csv']) {
    // One before, so that what the first of all loads does not count.
    await download(web, large, format, () => undefined);
    report.begin();
    const before = await web.webMemory();
    const during: number[] = [];
    let asking: Promise<void> | null = null;
    const begun = performance.now();
    const { bytes, lines } = await download(web, large, format, () => {
      asking ??= web.webMemory().then(({ used }) => {
        during.push(used);
        asking = null;
      });
    });
    await asking;
    const seconds = (performance.now() - begun) / 1000;
    const most = Math.max(...during);
    report.add(
      `export of ${lines} lines as ${format}: live memory above that before, at most`,
      (most - before.used) / 1e6,
      'MB',
      {
        bar: { is: '≤', than: 30 },
        note: `${during.length} times measured; first half ${mega(during.slice(0, during.length / 2))}, second ${mega(during.slice(during.length / 2))}`,
      },
    );
    report.add(`export as ${format}: time`, seconds, 's', { note: `${(bytes / 1e6).toFixed(1)} MB` });
  }
}

const mega = (values: readonly number[]) => `${(Math.max(...values) / 1e6).toFixed(0)} MB`;

function download(web: DemoStudio, run: string, format: string, onData: () => void) {
  return new Promise<{ bytes: number; lines: number }>((resolve, reject) => {
    const path = `/api/runs/${run}/export?format=${format}`;
    http
      .get({ host: '127.0.0.1', port: web.port, path }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${response.statusCode} from ${path}`));
        let bytes = 0;
        let lines = 0;
        response.on('data', (part: Buffer) => {
          bytes += part.length;
          for (const byte of part) if (byte === 10) lines++;
          onData();
        });
        response.on('end', () => resolve({ bytes, lines }));
        response.on('error', reject);
      })
      .on('error', reject);
  });
}
