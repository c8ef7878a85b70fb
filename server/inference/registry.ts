import { LRUCache } from 'lru-cache';
import type { Manifest } from '../../models/runtime/manifest';
import { manifestSchema } from '../../models/runtime/manifest';
import type { Db } from '../platform/db/client';
import { StudioError } from '../platform/errors/errors';

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
    // What a guide beside the manifest says may change while the hash does not, and a recorded run that named the
    // revision first knew only a part of it.
    update: { activatedAt: new Date(), manifest: model.manifest },
  });
  return id;
}

/** Parsed manifests by hash: what computes never changes under it, and what a guide says is read at the start. */
const parsed = new LRUCache<string, Manifest>({ max: 100 });

export const noModel = () =>
  new StudioError(
    'INFERENCE_UNAVAILABLE',
    'No model is registered yet. Start a worker (npm start) with a model directory.',
  );

/** SQL: id and manifest hash of the active revision, in one row or none. */
export const activeRevisionSql = `SELECT id, manifest_hash AS hash FROM model_revision WHERE activated_at IS NOT NULL
  ORDER BY activated_at DESC LIMIT 1`;

/** @throws StudioError INFERENCE_UNAVAILABLE when no model was ever registered. */
export async function activeRevision(db: Db): Promise<ActiveRevision> {
  const { rows } = await db.pool.query<{ id: string; hash: string }>(activeRevisionSql);
  if (!rows[0]) throw noModel();
  return { ...rows[0], manifest: await manifestOf(db, rows[0]) };
}

/** The manifest of a revision, read once a process. */
export async function manifestOf(db: Db, { id, hash }: { id: string; hash: string }): Promise<Manifest> {
  let manifest = parsed.get(hash);
  if (!manifest) {
    const row = await db.prisma.modelRevision.findUniqueOrThrow({
      where: { id },
      select: { manifest: true },
    });
    manifest = manifestSchema.parse(row.manifest);
    parsed.set(hash, manifest);
  }
  return manifest;
}
