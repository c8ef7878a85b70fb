import { oneLine } from '../../platform/errors/errors';
import { liveWorkers, type LiveWorker } from '../../inference/health';
import { activeRevision } from '../../inference/registry';
import type { Services } from '../../accounts/context';
import { userOf } from './require-user';

interface Part {
  ok: boolean;
  message: string;
}

export interface HealthReport {
  ok: boolean;
  database: Part;
  workers: Part & { list: { id: string; hostname: string; beatAt: string }[] };
  devices: Part & { list: LiveWorker['inference'][] };
  model: Part & { name?: string; version?: string; hash?: string };
  web: { rss: number; uptimeSeconds: number };
}

/** What works and what does not. `ok` when a job submitted now would run. */
export async function readHealth({ db }: Pick<Services, 'db'>): Promise<HealthReport> {
  const bad = (message: string) => ({ ok: false, message });
  const report: HealthReport = {
    ok: false,
    database: bad('not asked'),
    workers: { ...bad('unknown without the database'), list: [] },
    devices: { ...bad('unknown without the database'), list: [] },
    model: bad('unknown without the database'),
    web: { rss: process.memoryUsage.rss(), uptimeSeconds: Math.round(process.uptime()) },
  };
  try {
    const { rows } = await db.pool.query<{ version: string }>(
      `SELECT current_setting('server_version') AS version`,
    );
    report.database = { ok: true, message: `PostgreSQL ${rows[0]?.version ?? ''}` };
    const live = await liveWorkers(db);
    const list = live.map(({ id, hostname, beatAt }) => ({ id, hostname, beatAt: beatAt.toISOString() }));
    report.workers = live.length
      ? { ok: true, message: `${live.length} running`, list }
      : { ...bad('No worker is running. `npm start` starts one; `npm run worker` adds another.'), list };
    const devices = live.map((w) => w.inference);
    const failed = devices.find((d) => d.state === 'failed');
    report.devices = {
      ok: devices.some((d) => d.state === 'ready'),
      message: failed?.error ?? (devices.map((d) => `${d.device}: ${d.state}`).join(', ') || 'none'),
      list: devices,
    };
    const { manifest, hash } = await activeRevision(db);
    const served = devices.some((d) => d.hash === hash && d.state === 'ready');
    report.model = {
      ok: served,
      message: served ? 'ready' : (failed?.error ?? 'No worker serves it yet.'),
      name: manifest.name,
      version: manifest.version,
      hash,
    };
  } catch (error) {
    const part = report.database.ok ? 'model' : 'database';
    report[part] = bad(oneLine(error));
  }
  report.ok = report.database.ok && report.workers.ok && report.devices.ok && report.model.ok;
  return report;
}

/**
 * What of it is for everybody: whether things work, and how many there are. Names of machines, and what an error says of
 * addresses and folders, are the admins'.
 */
export function publicHealth(report: HealthReport) {
  const { ok, database, workers, devices, model, web } = report;
  const said = (part: Part) => ({ ok: part.ok, message: part.ok ? 'ready' : 'not ready' });
  const { name, version, hash } = model;
  return {
    ok,
    database: said(database),
    workers: { ...said(workers), count: workers.list.length },
    devices: {
      ...said(devices),
      list: devices.list.map(({ device, state, rss, graphs }) => ({ device, state, rss, graphs })),
    },
    model: { ...said(model), name, version, hash },
    web,
  };
}

/** The way of `GET /api/health`: status 200 when a job submitted now would run, else 503. */
export async function serveHealth(
  request: Request,
  services: Pick<Services, 'db' | 'auth'>,
): Promise<Response> {
  const [report, user] = await Promise.all([
    readHealth(services),
    // Without the database nobody is known.
    userOf(request, services).catch(() => null),
  ]);
  return Response.json(user?.role === 'admin' ? report : publicHealth(report), {
    status: report.ok ? 200 : 503,
    headers: { 'cache-control': 'no-store' },
  });
}
