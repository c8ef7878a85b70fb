/** What the two hubs say of a dataset or a model, and where its files are. */
import { z } from 'zod';
import { DownloadError } from './errors';
import { requestJson, type Answer, type Network } from './http';
import { lockedFile, type LockedFile } from './lock';

export type HubName = 'huggingface' | 'modelscope';

export interface Repository {
  hub: HubName;
  kind: 'datasets' | 'models';
  /** `owner/name` */
  repo: string;
  /** A commit, or a branch. */
  revision: string;
}

export interface Listing {
  /** The commit that the revision is. */
  commit: string;
  files: LockedFile[];
}

interface Hub {
  /** The address that a mirror takes the place of. */
  address: string;
  list(base: string, repository: Repository, network: Network): Promise<Listing>;
  url(base: string, repository: Repository, commit: string, file: LockedFile): string;
}

const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision);
const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** The Hub API of Hugging Face, which its mirrors speak, too; a file in Git LFS has its sha256 there. */
const huggingface: Hub = {
  address: 'https://huggingface.co',
  async list(base, { kind, repo, revision }, network) {
    const api = `${base}/api/${kind}/${repo}`;
    const commit = isCommit(revision)
      ? revision
      : (await json(`${api}/revision/${encoded(revision)}`, hfInfo, network)).body.sha;
    const files: LockedFile[] = [];
    let next: string | null = `${api}/tree/${commit}?recursive=true`;
    while (next !== null) {
      const page: Answer<z.infer<typeof hfTree>> = await json(next, hfTree, network);
      for (const { type, path, size, oid, lfs } of page.body)
        if (type === 'file')
          files.push(checked({ path, size, ...(lfs ? { sha256: lfs.oid } : { blob: oid }) }));
      next = nextPage(base, page.headers.get('link'));
    }
    return { commit, files };
  },
  url: (base, { kind, repo }, commit, file) =>
    `${base}/${kind === 'models' ? '' : `${kind}/`}${repo}/resolve/${commit}/${encoded(file.path)}`,
};

const hfInfo = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) });
const hfTree = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: z.number().default(0),
    oid: z.string(),
    lfs: z.object({ oid: z.string() }).optional(),
  }),
);

/** The `next` of a Link header, at the mirror: hubs name their own address there. */
function nextPage(base: string, link: string | null): string | null {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  if (next === undefined) return null;
  const { pathname, search } = new URL(next, base);
  return `${base}${pathname}${search}`;
}

/**
 * The API of ModelScope, as its own client calls it. It often names the commit of the branch by a short id only, so each
 * file is asked for at the commit of its own, where the answer has one.
 */
const modelscope: Hub = {
  address: 'https://www.modelscope.cn',
  async list(base, { kind, repo, revision }, network) {
    const files: LockedFile[] = [];
    let commit = revision;
    for (let page = 1, seen = 0, total = Infinity; seen < total; page++) {
      const { body } = await json(msListing(base, kind, repo, revision, page), msTree, network);
      const { Files: entries, LatestCommitter: latest } = body.Data;
      // What a model's hub answers to a revision that it does not have.
      if (entries === null) throw new DownloadError(`${base} has no ${revision} of ${repo}.`);
      const short = latest?.ShortId;
      const whole = short && entries.find(({ Revision }) => Revision?.startsWith(short))?.Revision;
      commit = latest?.Id || whole || short || commit;
      for (const { Type, Path, Size, Sha256, Revision } of entries)
        if (Type === 'blob')
          files.push(
            checked({
              ...{ path: Path, size: Size },
              ...(Sha256 && { sha256: Sha256 }),
              ...(Revision && { revision: Revision }),
            }),
          );
      seen += entries.length;
      // Of a model all files come at once.
      const all = kind === 'models' || entries.length === 0;
      total = all ? seen : (body.Data.TotalCount ?? body.TotalCount ?? Infinity);
    }
    return { commit, files };
  },
  url(base, { kind, repo }, commit, file) {
    const query = new URLSearchParams({
      Source: 'SDK',
      Revision: file.revision ?? commit,
      FilePath: file.path,
      View: 'False',
    });
    return `${base}/api/v1/${kind}/${repo}/repo?${query}`;
  },
};

function msListing(base: string, kind: Repository['kind'], repo: string, revision: string, page: number) {
  const query = new URLSearchParams({ Revision: revision, Recursive: 'True' });
  if (kind === 'models') return `${base}/api/v1/models/${repo}/repo/files?${query}`;
  query.set('PageNumber', String(page));
  query.set('PageSize', String(pageSize));
  return `${base}/api/v1/datasets/${repo}/repo/tree?${query}`;
}

const pageSize = 200;
const msTree = z.object({
  Data: z.object({
    Files: z
      .array(
        z.object({
          Type: z.string(),
          Path: z.string(),
          Size: z.number().default(0),
          Sha256: z.string().nullish(),
          Revision: z.string().nullish(),
        }),
      )
      .nullable(),
    TotalCount: z.number().nullish(),
    LatestCommitter: z.object({ Id: z.string().nullish(), ShortId: z.string().nullish() }).nullish(),
  }),
  TotalCount: z.number().nullish(),
});

export const hubs: Readonly<Record<HubName, Hub>> = { huggingface, modelscope };

const json = <Body>(url: string, schema: z.ZodType<Body>, network: Network): Promise<Answer<Body>> =>
  requestJson(url, schema, network, { otherwise: `${url} did not answer like the hub. Is it a mirror?` });

function checked(file: LockedFile): LockedFile {
  const parsed = lockedFile.safeParse(file);
  if (parsed.success) return parsed.data;
  throw new DownloadError(
    `The hub lists an unusable file: ${JSON.stringify(file.path)}: ${parsed.error.issues[0]!.message}.`,
  );
}
