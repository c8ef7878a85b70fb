import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { foreseen } from '../errors/errors';
import { createDb } from './client';

/** What PostgreSQL answers before anything else. */
function refusal(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

test.each([
  ['57P03', 'the database system is in recovery mode'],
  ['57P03', 'the database system is not yet accepting connections'],
  ['57P01', 'terminating connection due to administrator command'],
])('a server that answers %s, %s, is away, by the driver and by Prisma', async (code, message) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(refusal(code, message)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const db = createDb(`postgresql://me:secret@127.0.0.1:${port}/none`, { max: 2 });
  try {
    for (const work of [
      () => db.pool.query('SELECT 1'),
      () => db.prisma.generation.findMany(),
      () => db.prisma.$queryRaw`SELECT 1`,
      () => db.prisma.$transaction((tx) => tx.generation.findMany()),
    ]) {
      const error = await work().catch((thrown: unknown) => thrown);
      expect(foreseen(error), String(error)).toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    }
  } finally {
    await db.close();
    server.close();
  }
});
