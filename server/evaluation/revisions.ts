import path from 'node:path';
import { sha256 } from '../../eval/fingerprint';
import { loadManifest, type Manifest } from '../../models/runtime';
import type { Db } from '../platform/db/client';
import { oneLine, StudioError } from '../platform/errors/errors';

/** Models under test, as rows of model_revision. Registering one does not make the demo offer it. */

export interface Revision {
  id: string;
  kind: 'directory' | 'endpoint' | 'imported';
  /** sha256 of the manifest, or of the identity of an endpoint or import. */
  hash: string;
  name: string;
  version: string;
  /** The manifest of a directory; of others what their identity is made of. */
  manifest: unknown;
  location: string | null;
}

const select = {
  id: true,
  kind: true,
  manifestHash: true,
  version: true,
  manifest: true,
  location: true,
  model: { select: { name: true } },
} as const;

/** @throws StudioError MODEL_INVALID */
export async function registerDirectory(
  db: Db,
  directory: string,
): Promise<Revision & { manifest: Manifest }> {
  const location = path.resolve(directory);
  const { manifest, hash } = await loadManifest(location, { verify: 'sizes' }).catch((error: unknown) => {
    throw new StudioError('MODEL_INVALID', oneLine(error), { cause: error });
  });
  const { name, version } = manifest;
  const revision = await register(db, { kind: 'directory', name, version, hash, manifest, location });
  return { ...revision, manifest };
}

/** @param identity JSON that tells this endpoint from others; never a key */
export const registerEndpoint = (db: Db, name: string, identity: { hash: string; settings: object }) =>
  register(db, {
    kind: 'endpoint',
    name,
    version: 'endpoint',
    hash: identity.hash,
    manifest: identity.settings,
    location: null,
  });

/** Outputs made elsewhere. The same files under the same name are the same revision. */
export function registerImport(
  db: Db,
  name: string,
  origin: { benchmark: string; outputs: string },
): Promise<Revision> {
  const hash = sha256(JSON.stringify(['import', name, origin.benchmark, origin.outputs]));
  return register(db, {
    kind: 'imported',
    name,
    version: 'imported',
    hash,
    manifest: origin,
    location: null,
  });
}

async function register(db: Db, given: Omit<Revision, 'id'>): Promise<Revision> {
  const { kind, name, version, hash, manifest, location } = given;
  const { id: modelId } = await db.prisma.model.upsert({ where: { name }, create: { name }, update: {} });
  const row = await db.prisma.modelRevision.upsert({
    where: { manifestHash: hash },
    create: {
      modelId,
      kind,
      manifestHash: hash,
      version,
      manifest: manifest as object,
      location,
      activatedAt: null,
    },
    update: location === null ? {} : { location },
    select,
  });
  // An endpoint's limits are no part of its identity: a run keeps its own.
  return { ...revisionOf(row), manifest };
}

export async function readRevision(db: Db, id: string): Promise<Revision> {
  return revisionOf(await db.prisma.modelRevision.findUniqueOrThrow({ where: { id }, select }));
}

function revisionOf(row: {
  id: string;
  kind: Revision['kind'];
  manifestHash: string;
  version: string;
  manifest: unknown;
  location: string | null;
  model: { name: string };
}): Revision {
  const { id, kind, manifestHash: hash, version, manifest, location, model } = row;
  return { id, kind, hash, name: model.name, version, manifest, location };
}
