/** A disk that fills while the studio runs, and has room again. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createVisitor } from '../demo/visitor';
import type { Report } from '../eval/report';
import { orphansOf, treeOf } from './processes';
import { ask, hasCode, secondsUntil, withSite } from './site';

export async function disk(report: Report): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('a small file system needs root');
  const home = await mkdtemp(path.join(tmpdir(), 'bench-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=450m,mode=0755', 'tmpfs', home]);
  try {
    await withSite(async (site) => {
      const visitor = createVisitor(site.port);
      const submit = () =>
        ask(site.port, {
          ...{ method: 'POST', path: '/api/trpc/demo.submit' },
          headers: { 'content-type': 'application/json', cookie: `studio_visitor=${visitor.id}` },
          body: JSON.stringify({
            json: { task: 'generate', prompt: 'a photo of a cat', width: 32, height: 32, steps: 2 },
          }),
        });
      const works = async () => {
        const { status, body } = await submit();
        if (status !== 200) return false;
        const { id } = (JSON.parse(body.toString()) as { result: { data: { json: { id: string } } } }).result
          .data.json;
        const last = (await visitor.follow(id)).at(-1)?.data;
        return last?.type === 'end' && last.generation?.state === 'done';
      };
      await secondsUntil(works);
      const before = treeOf(home);
      const filler = path.join(home, 'filler');
      const file = await open(filler, 'w');
      const { bavail, bsize } = await statfs(home);
      await file.write(Buffer.alloc(bavail * bsize + 1)).catch(() => undefined);
      await file.close();
      const answers = [];
      for (let n = 0; n < 60; n++) answers.push(await submit());
      const bad = answers.filter((answer) => !hasCode(answer));
      report.add('full disk: 5xx without a code', bad.length, '', {
        bar: { is: '≤', than: 0 },
        note: bad[0]?.body.toString().slice(0, 120) ?? `of ${answers.length} requests`,
      });
      report.add(
        'full disk: the studio still runs',
        Number(treeOf(home).supervisor === before.supervisor),
        '',
        {
          bar: { is: '≥', than: 1 },
        },
      );
      await rm(filler);
      report.add('full disk: until service once there is room', await secondsUntil(works, 60), 's', {
        bar: { is: '≤', than: 10 },
      });
      report.add('full disk: orphaned processes', orphansOf(home).length, '', { bar: { is: '≤', than: 0 } });
    }, home);
  } finally {
    execFileSync('umount', ['-l', home]);
    await rm(home, { recursive: true, force: true });
  }
}
