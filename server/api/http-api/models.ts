import type { Db } from '../../platform/db/client';
import { activeRevision, type ActiveRevision } from '../../inference/registry';
import { ApiError } from './errors';
import type { ApiModel } from './schema';

/** The model that requests name, or the one served when they name none. @throws ApiError 404 for another */
export async function modelNamed(db: Db, name: string | undefined): Promise<ActiveRevision> {
  const revision = await activeRevision(db);
  if (name === undefined || name === revision.manifest.name) return revision;
  throw new ApiError(
    404,
    `The model ${JSON.stringify(name.slice(0, 100))} is not available. GET /models lists the available model: ${revision.manifest.name}.`,
    { param: 'model', code: 'model_not_found' },
  );
}

async function view(db: Db, { id, manifest }: ActiveRevision): Promise<ApiModel> {
  const { activatedAt } = await db.prisma.modelRevision.findUniqueOrThrow({
    where: { id },
    select: { activatedAt: true },
  });
  const created = Math.floor((activatedAt?.getTime() ?? 0) / 1000);
  return { id: manifest.name, object: 'model', created, owned_by: 'nexus-gen-studio' };
}

export async function listModels(db: Db): Promise<{ object: 'list'; data: ApiModel[] }> {
  return { object: 'list', data: [await view(db, await activeRevision(db))] };
}

export const getModel = async (db: Db, name: string): Promise<ApiModel> =>
  view(db, await modelNamed(db, name));
