/**
 * Visitors send jobs without pause while processes are killed one after the other. Each job is known by a `requestId`,
 * so that a visitor who hears nothing sends the same again; at the end every one must have ended once, with the picture
 * that its settings make.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { createVisitor, percentile, type Visitor } from '../demo/visitor';
import { query } from './database';
import { straysOf } from './load';
import { kill, orphansOf, treeOf } from './processes';
import { ask, jobOf, secondsUntil, type Site } from './site';

export const kinds = ['child', 'worker', 'web', 'backend', 'postmaster', 'supervisor', 'tree'] as const;
export type Kind = (typeof kinds)[number];

export interface Outcome {
  accepted: number;
  done: number;
  failed: number;
  /** Accepted, and in the database more than once or not at all. */
  doubled: number;
  lost: number;
  /** Not ended when everything was calm again. */
  stuck: number;
  /** Of those with the same settings, pictures that differ from the first. */
  unequal: number;
  /** Seconds until the studio served again, by what was killed. */
  service: Record<Kind, number[]>;
  /** Kills after which a person would have had to do something. */
  helpless: string[];
  orphans: string[];
  /** Files without a row that kills left behind; the sweep removes them after a day. */
  strays: number;
}

interface Options {
  visitors: number;
  /** How often each kind is killed. */
  rounds: number;
  /** Goes on after the kills until so many were accepted. */
  jobs: number;
  onKill?: (kind: Kind, seconds: number) => void;
}

/** Few settings, so that every picture is made many times. */
const seeds = 8;
export async function campaign(site: Site, { visitors, rounds, jobs, onKill }: Options): Promise<Outcome> {
  const outcome: Outcome = {
    ...{ accepted: 0, done: 0, failed: 0, doubled: 0, lost: 0, stuck: 0, unequal: 0, strays: 0 },
    service: Object.fromEntries(kinds.map((kind) => [kind, [] as number[]])) as unknown as Outcome['service'],
    ...{ helpless: [], orphans: [] },
  };
  const accepted = new Map<string, string>();
  let over = false;
  const send = async (visitor: Visitor) => {
    for (let n = 0; !over; n++) {
      const input = jobOf(n % seeds);
      // Sent again until somebody says that it was taken: with the same id, it is the same job.
      while (!over) {
        try {
          const { id } = await visitor.mutate<{ id: string }>('demo.submit', input);
          accepted.set(input.requestId, id);
          break;
        } catch {
          await wait(100);
        }
      }
      // As fast as they are made, and no faster: a queue without end would only be waited for.
      while (!over && accepted.size - (await waitingSince()) > visitors * 4) await wait(50);
    }
  };
  let ended = 0;
  let asked = 0;
  const waitingSince = async () => {
    if (performance.now() - asked < 200) return ended;
    asked = performance.now();
    const rows = await query<{ n: number }>(
      site,
      `SELECT count(*)::int AS n FROM generation WHERE state IN ('done', 'failed', 'cancelled')`,
    ).catch(() => null);
    return (ended = rows?.[0]?.n ?? ended);
  };

  const sending = Array.from({ length: visitors }, () => send(createVisitor(site.port)));
  const probe = createVisitor(site.port);
  try {
    for (let round = 0; round < rounds; round++)
      for (const kind of kinds) {
        await wait(500);
        const seconds = await strike(site, kind, probe).catch((error: unknown) => {
          outcome.helpless.push(`${kind}: ${String(error)}`);
          return null;
        });
        if (seconds === null) {
          site.fell();
          await site.up();
          continue;
        }
        outcome.service[kind].push(seconds);
        onKill?.(kind, seconds);
        outcome.orphans.push(...(kind === 'tree' || kind === 'supervisor' ? [] : orphansOf(site.home)));
      }
    while (accepted.size < jobs) await wait(200);
  } finally {
    over = true;
    await Promise.all(sending);
  }

  outcome.accepted = accepted.size;
  const open = `SELECT count(*)::int AS n FROM generation WHERE state IN ('queued', 'running', 'cancelling')`;
  await secondsUntil(async () => (await query<{ n: number }>(site, open))[0]?.n === 0, 300).catch(
    () => undefined,
  );
  const rows = await query<{ id: string; request: string; state: string; seed: string; hash: string | null }>(
    site,
    `SELECT id, request_id AS request, state, parameters->>'seed' AS seed, picture_hash AS hash FROM generation
     WHERE request_id = ANY($1::uuid[])`,
    [[...accepted.keys()]],
  );
  const byRequest = new Map<string, typeof rows>();
  for (const row of rows) byRequest.set(row.request, [...(byRequest.get(row.request) ?? []), row]);
  const pictures = new Map<string, string>();
  for (const [requestId, id] of accepted) {
    const mine = byRequest.get(requestId) ?? [];
    if (mine.length > 1) outcome.doubled++;
    const row = mine.find((one) => one.id === id);
    if (!row) outcome.lost++;
    else if (row.state === 'failed') outcome.failed++;
    else if (row.state !== 'done') outcome.stuck++;
    else {
      outcome.done++;
      const first = pictures.get(row.seed) ?? row.hash!;
      pictures.set(row.seed, first);
      if (first !== row.hash) outcome.unequal++;
    }
  }
  outcome.strays = await straysOf(site);
  return outcome;
}

/** Kills, and waits until it serves again. @returns the seconds that took. @throws where it does not come back */
async function strike(site: Site, kind: Kind, probe: Visitor): Promise<number> {
  const tree = treeOf(site.home);
  const answers = async () => (await ask(site.port, { path: '/api/health' })).status === 200;
  /** A whole job, from the page's request to its end. */
  const works = async () => {
    const { id } = await probe.mutate<{ id: string }>('demo.submit', jobOf(0));
    return (await probe.follow(id)).at(-1)?.data.type === 'end';
  };
  switch (kind) {
    case 'child':
    case 'worker':
      if (!kill(tree[kind])) throw new Error(`there is no ${kind}`);
      return secondsUntil(works);
    case 'web':
      if (!kill(tree.web)) throw new Error('there is no web server');
      return secondsUntil(answers);
    case 'backend':
      if (!kill(tree.backends.at(0))) throw new Error('there is no session');
      return secondsUntil(works);
    case 'postmaster': {
      // A session that computes outlives its server for a while, and holds the memory that they share.
      const computing = compute(site);
      await wait(300);
      if (!kill(treeOf(site.home).postmaster)) throw new Error('there is no database');
      const seconds = await secondsUntil(works);
      await computing;
      return seconds;
    }
    case 'supervisor':
      if (!kill(tree.supervisor)) throw new Error('there is no supervisor');
      // It was `npm start` itself: a person starts it again, and that must work at once.
      return site.up();
    case 'tree':
      site.fell();
      return site.up();
  }
}

const compute = (site: Site) =>
  query(site, `SELECT count(*) FROM generate_series(1, 20000000) AS n WHERE md5(n::text) = ''`).catch(
    () => undefined,
  );

export const median = (values: readonly number[]) => percentile(values, 0.5);
