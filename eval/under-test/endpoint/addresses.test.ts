import { Agent, fetch } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serverFor } from '../../testing/endpoint';
import { openSurroundings, zoneOf } from './addresses';

describe('the zone of an address', () => {
  it.each([
    ['93.184.215.14', 'public'],
    ['2606:2800:21f::1', 'public'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd00::1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.9.9.9', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:10.0.0.1', 'private'],
    ['64:ff9b::808:808', 'public'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['64:ff9b:1::808:808', null],
    ['169.254.169.254', null],
    ['::ffff:169.254.169.254', null],
    ['fe80::1', null],
    ['fe80::1%eth0', null],
    ['64:ff9b::a9fe:a9fe', null],
    ['fd00:ec2::254', null],
    ['100.100.100.200', null],
    ['0.0.0.0', null],
    ['::', null],
    ['224.0.0.1', null],
    ['255.255.255.255', null],
    ['240.0.0.1', null],
    ['2002:7f00:1::', null],
    ['example.com', null],
  ])('%s: %s', (address, zone) => expect(zoneOf(address)).toBe(zone));
});

describe('surroundings', () => {
  function agents() {
    const { endpoint, pictures } = openSurroundings(5000);
    const made = { endpoint: new Agent({ connect: endpoint }), pictures: new Agent({ connect: pictures }) };
    onTestFinished(async () => {
      await Promise.all([made.endpoint.destroy(), made.pictures.destroy()]);
    });
    return made;
  }

  it.each(['127.0.0.1', 'localhost', '2130706433', '[::ffff:127.0.0.1]'])(
    'lead to %s only from an endpoint on this machine',
    async (host) => {
      const server = await serverFor(() => ({ body: 'here' }));
      const url = server.origin.replace('127.0.0.1', host);
      const { endpoint, pictures } = agents();
      await expect(fetch(url, { dispatcher: pictures })).rejects.toMatchObject({
        cause: { code: 'ADDRESS_REFUSED' },
      });
      expect(server.requests).toHaveLength(0);
      await (await fetch(server.origin, { dispatcher: endpoint })).text();
      expect(await (await fetch(url, { dispatcher: pictures })).text()).toBe('here');
    },
  );

  it.each(['169.254.169.254', '[fe80::1]', '[::ffff:169.254.169.254]', '[fd00:ec2::254]'])(
    'never lead to %s, where a cloud keeps its metadata',
    async (host) => {
      const { endpoint } = agents();
      await expect(fetch(`http://${host}/`, { dispatcher: endpoint })).rejects.toMatchObject({
        cause: { code: 'LINK_LOCAL_REFUSED' },
      });
    },
  );
});
