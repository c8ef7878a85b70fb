import type { Manifest } from '../../models/runtime/manifest';
import { manifestSchema } from '../../models/runtime/manifest';
import type { Db } from '../db/client';
import { StudioError } from '../errors/errors';

/** Which model the installation offers: the revision that was activated last. */

export interface ActiveRevision {
  id: string;
  hash: string;
  manifest: Manifest;
}

/** Registers a manifest and makes it the active revision. Safe to repeat. */
export async function activateRevision(db: Db, model: { manifest: Manifest; hash: string }): Promise<string> {
  const { name, version } = model.manifest;
  const { id: modelId } = await db.prisma.model.upsert({ where: { name }, create: { name }, update: {} });
  const { id } = await db.prisma.modelRevision.upsert({
    where: { manifestHash: model.hash },
    create: { modelId, manifestHash: model.hash, version, manifest: model.manifest },
    update: { activatedAt: new Date() },
  });
  return id;
}

/** Parsed manifests by hash: a hash never changes its content. */
const parsed = new Map<string, Manifest>();

/** @throws StudioError INFERENCE_UNAVAILABLE when no model was ever registered. */
export async function activeRevision(db: Db): Promise<ActiveRevision> {
  const newest = await db.prisma.modelRevision.findFirst({
    where: { activatedAt: { not: null } },
    orderBy: { activatedAt: 'desc' },
    select: { id: true, manifestHash: true },
  });
  if (!newest)
    throw new StudioError(
      'INFERENCE_UNAVAILABLE',
      'No model is registered yet. Start a worker (npm start) with a model directory.',
    );
  const { id, manifestHash: hash } = newest;
  let manifest = parsed.get(hash);
  if (!manifest) {
    const row = await db.prisma.modelRevision.findUniqueOrThrow({
      where: { id },
      select: { manifest: true },
    });
    manifest = manifestSchema.parse(row.manifest);
    parsed.set(hash, manifest);
  }
  return { id, hash, manifest };
}
