import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadManifest } from '../../models/runtime/manifest';
import { openBlobs, openThumbnails } from '../../server/platform/blobs/open';
import { createDb, type Db } from '../../server/platform/db/client';
import { transaction } from '../../server/platform/db/transaction';
import { createHub } from '../../server/platform/db/hub';
import type { GenerationState } from '../../server/demo/schema';
import type { LimitSettings } from '../../server/platform/env/env';
import { createLimits } from '../../server/platform/limits/limits';
import { siteTurns } from '../../server/platform/limits/turns';
import { activateRevision } from '../../server/inference/registry';
import { startWorker, type StudioWorker, type WorkerOptions } from '../../server/worker/worker';
import { createLog } from '../../server/platform/log/log';
import { createAuth } from '../../server/accounts/auth';
import { secretOf } from '../../server/accounts/secret';
import type { Me, Role } from '../../server/accounts/schema';
import { insertUser } from '../../server/accounts/users';
import type { Services } from '../../server/accounts/context';
import { createCaller } from '../../server/api/root';
import { stubChild, tinyModel } from './paths';

/** The services of the product on a test database, and workers with a stub in place of the model. */
export interface TestStudio {
  home: string;
  services: Services;
  /** Procedures as one visitor calls them, signed in or not. */
  as: (visitorId?: string, address?: string | null, user?: Me | null) => ReturnType<typeof createCaller>;
  /** Adds a person of the team, who has no password. */
  user: (role: Role, name?: string) => Promise<Me>;
  /** Procedures as a person of the team calls them: with the visitor of their account. */
  asUser: (me: Me, address?: string | null) => Promise<ReturnType<typeof createCaller>>;
  worker: (options?: Partial<WorkerOptions>) => Promise<StudioWorker>;
  /** Resolves when the job is in one of the states, by its events and not by asking again and again. */
  reaches: (id: string, ...states: GenerationState[]) => Promise<GenerationState>;
  close: () => Promise<void>;
}

/** No rates: tests submit as fast as they can. */
const testLimits: LimitSettings = {
  ...{ jobsPerMinute: 0, jobsPerMinuteAddress: 0, uploadsPerMinute: 0, signInAttempts: 0 },
  ...{ maxWaiting: 20, storageBytes: 0, historyDays: 0 },
};

export async function createStudio(url: string, settings: Partial<LimitSettings> = {}): Promise<TestStudio> {
  const home = await mkdtemp(path.join(tmpdir(), 'studio-home-'));
  const db: Db = createDb(url);
  const log = createLog('test', 'silent');
  const hub = createHub(url);
  await hub.listener.ready;
  const model = await loadManifest(tinyModel);
  await activateRevision(db, { manifest: model.manifest, hash: 'a'.repeat(64) });
  const services: Services = {
    ...{ db, hub, log },
    blobs: openBlobs(home),
    thumbnails: openThumbnails(home),
    limits: createLimits(url, { ...testLimits, ...settings }),
    turns: siteTurns(),
    auth: createAuth({ db, log, secret: secretOf(home) }),
  };
  const workers: StudioWorker[] = [];
  return {
    home,
    services,
    as: (visitorId = randomUUID(), address = null, user = null) =>
      createCaller({ ...services, visitorId, address, user }),
    async user(role, name = `A ${role}`) {
      const email = `${role}-${randomUUID().slice(0, 8)}@studio.test`;
      return transaction(db.pool, (client) => insertUser(client, { name, email, role, passwordHash: null }));
    },
    async asUser(user, address = null) {
      const { visitorId } = await db.prisma.user.findUniqueOrThrow({ where: { id: user.id } });
      if (!visitorId) throw new Error('every account has a visitor');
      return createCaller({ ...services, visitorId, address, user });
    },
    async worker(options = {}) {
      const worker = await startWorker({
        ...{ databaseUrl: url, home, modelDir: tinyModel, device: 'cpu', log, childEntry: stubChild },
        ...options,
      });
      workers.push(worker);
      return worker;
    },
    async reaches(id, ...states) {
      const bell = hub.subscribe(id);
      try {
        for (;;) {
          const row = await db.prisma.generation.findUniqueOrThrow({
            where: { id },
            select: { state: true },
          });
          if (states.includes(row.state)) return row.state;
          await bell.next(AbortSignal.timeout(20_000));
        }
      } finally {
        bell.close();
      }
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await Promise.all([hub.close(), services.limits.close()]);
      await db.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
