/** Wheels of PyPI, or of an index like it, by its JSON API (PEP 691, with the sizes of PEP 700). */
import { z } from 'zod';
import { DownloadError } from './errors';
import { requestJson, type Network } from './http';

export const pypi = 'https://pypi.org/simple';

/**
 * The index that pip would use: that of the environment, else PyPI.
 * @throws DownloadError for one with a user name, which would end up in messages
 */
export function indexAddress(environment: NodeJS.ProcessEnv = process.env): string {
  const address = environment.PIP_INDEX_URL || pypi;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new DownloadError('PIP_INDEX_URL is not a web address. Choose an index with --from.');
  if (url.username || url.password)
    throw new DownloadError(
      'PIP_INDEX_URL contains a user name, which is not supported. Download the wheel with pip download, and install it with --from FILE.whl.',
    );
  return address;
}

export interface Wheel {
  name: string;
  version: string;
  url: string;
  /** In bytes. */
  size: number;
  sha256: string;
}

const page = z.object({
  files: z.array(
    z.object({
      filename: z.string(),
      url: z.string(),
      size: z.number().int().positive().optional(),
      hashes: z.record(z.string(), z.string()).default({}),
      yanked: z.union([z.boolean(), z.string()]).default(false),
    }),
  ),
});

/** `name-version(-build)-python-abi-platform.whl` */
export function wheelName(file: string): { project: string; version: string; platforms: string[] } | null {
  const [, project, version, platforms] =
    /^([^-]+)-([^-]+)(?:-\d[^-]*)?-[^-]+-[^-]+-([^-]+)\.whl$/.exec(file) ?? [];
  if (project === undefined) return null;
  return { project, version: version!, platforms: platforms!.split('.') };
}

/** Whether a wheel has libraries for Linux on x86-64. */
export const isLinuxX64 = (platforms: readonly string[]): boolean =>
  platforms.some((platform) => /^(many)?linux\w*_x86_64$/.test(platform));

/**
 * The wheels of a project for Linux on x86-64, whatever Python they are for: it is their libraries that are wanted.
 * @throws DownloadError
 */
export async function wheelsOf(index: string, project: string, network: Network): Promise<Wheel[]> {
  const address = `${index.replace(/\/+$/, '')}/${project}/`;
  const { body } = await requestJson(address, page, network, {
    otherwise: `${address} did not answer as PyPI’s JSON API does. Choose another index with --from, or a wheel with --from FILE.whl.`,
    headers: { accept: 'application/vnd.pypi.simple.v1+json' },
  });
  return body.files.flatMap(({ filename, url, size, hashes, yanked }): Wheel[] => {
    const parts = wheelName(filename);
    const { sha256 } = hashes;
    if (!parts || !isLinuxX64(parts.platforms) || yanked !== false) return [];
    if (size === undefined || !/^[0-9a-f]{64}$/.test(sha256 ?? '') || !URL.canParse(url, address)) return [];
    const { version } = parts;
    return [{ name: filename, version, url: new URL(url, address).href, size, sha256: sha256! }];
  });
}

/** The newest release among versions with this first number; null where none is. Previews are left out. */
export function newestOf(wheels: readonly Wheel[], major: number): Wheel | null {
  const numbers = ({ version }: Wheel) => version.split('.').map(Number);
  const released = wheels.filter(
    ({ version }) => /^\d+(\.\d+)*$/.test(version) && version.split('.')[0] === String(major),
  );
  return (
    released.sort((a, b) => {
      const [left, right] = [numbers(a), numbers(b)];
      for (let i = 0; i < Math.max(left.length, right.length); i++)
        if ((left[i] ?? 0) !== (right[i] ?? 0)) return (right[i] ?? 0) - (left[i] ?? 0);
      return a.name < b.name ? -1 : 1;
    })[0] ?? null
  );
}
