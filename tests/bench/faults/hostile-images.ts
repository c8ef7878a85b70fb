/** Damaged pictures, the same ones for the same seed, over every path that takes one. */
import sharp from 'sharp';
import { xoshiro128 } from '../../../models/runtime/random';
import { spoil } from '../../../models/runtime/testing/spoil';
import { createVisitor } from '../demo/visitor';
import { ask, hasCode, type Site } from './site';

export interface Mutation {
  name: string;
  bytes: Buffer;
}

async function originals(): Promise<Record<string, Buffer>> {
  const picture = () =>
    sharp({
      create: {
        width: 48,
        height: 40,
        channels: 3,
        background: '#5080b0',
        noise: { type: 'gaussian', mean: 0, sigma: 40 },
      },
    }).withMetadata({ exif: { IFD0: { Artist: 'Ann', Copyright: 'x'.repeat(300) } } });
  const [png, progressive, jpeg, webp] = await Promise.all([
    picture().png().toBuffer(),
    picture().jpeg({ progressive: true }).toBuffer(),
    picture().jpeg().toBuffer(),
    picture().webp().toBuffer(),
  ]);
  return { png, progressive, jpeg, webp };
}

export async function* mutations(count: number, seed = 1): AsyncGenerator<Mutation> {
  const random = xoshiro128(seed);
  const whole = Object.entries(await originals());
  for (let n = 0; n < count; n++) {
    const [format, bytes] = whole[n % whole.length]!;
    yield { name: `${format} ${n}`, bytes: spoil(bytes, random) };
  }
}

export interface Hostile {
  sent: number;
  /** By status; 0 where no answer came. */
  statuses: Record<number, number>;
  /** Answers of 500 and above that do not say what they are, and requests without an answer. */
  bad: string[];
}

/** Sends each damaged picture to one of the paths in turn, four at a time. */
export async function hostileImages(site: Site, count: number): Promise<Hostile> {
  const visitor = createVisitor(site.port);
  const { secret } = await visitor.mutate<{ secret: string }>('keys.create', { name: 'hostile images' });
  const cookie = `studio_visitor=${visitor.id}`;
  const authorization = `Bearer ${secret}`;
  const json = { authorization, 'content-type': 'application/json' };
  const models = JSON.parse(
    (await ask(site.port, { path: '/api/v1/models', headers: { authorization } })).body.toString(),
  ) as { data: { id: string }[] };
  const paths: ((bytes: Buffer) => Parameters<typeof ask>[1])[] = [
    (body) => ({ method: 'POST', path: '/api/uploads', headers: { cookie }, body }),
    (body) => ({
      ...{ method: 'POST', path: '/api/v1/images/edits', headers: json },
      body: JSON.stringify({ prompt: 'greener', images: [{ image_url: dataUrl(body) }], size: 'auto' }),
    }),
    (body) => ({
      ...{ method: 'POST', path: '/api/v1/images/edits' },
      ...form(body, authorization),
    }),
    (body) => ({
      ...{ method: 'POST', path: '/api/v1/chat/completions', headers: json },
      body: JSON.stringify({
        model: models.data[0]!.id,
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: dataUrl(body) } }] }],
      }),
    }),
    (body) => ({ method: 'POST', path: '/api/conversations', headers: { cookie }, body }),
  ];
  const found: Hostile = { sent: 0, statuses: {}, bad: [] };
  const source = mutations(count);
  const lane = async () => {
    for (;;) {
      const next = await source.next();
      if (next.done) return;
      const { name, bytes } = next.value;
      const asked = paths[found.sent++ % paths.length]!(bytes);
      const answer = await ask(site.port, asked).catch(() => null);
      const status = answer?.status ?? 0;
      found.statuses[status] = (found.statuses[status] ?? 0) + 1;
      if (!answer || !hasCode(answer))
        found.bad.push(
          `${status} ${asked.path}: ${name}: ${answer?.body.toString().slice(0, 200) ?? 'no answer'}`,
        );
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  return found;
}

const dataUrl = (bytes: Buffer) => `data:image/png;base64,${bytes.toString('base64')}`;

function form(bytes: Buffer, authorization: string) {
  const boundary = 'xxhostilexx';
  const part = (head: string) =>
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`);
  const body = Buffer.concat([
    part('name="prompt"'),
    Buffer.from('greener\r\n'),
    part('name="image"; filename="a.png"'),
    bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return { headers: { authorization, 'content-type': `multipart/form-data; boundary=${boundary}` }, body };
}
