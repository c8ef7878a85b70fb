/**
 * Where the address of a picture may lead. An endpoint could name one that only this machine reaches: a router's
 * page, a database, a cloud's metadata. So a picture comes from as near as the endpoint itself is and no nearer.
 */
import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';
import { addressRefused } from './failures';

const nearness = { public: 0, private: 1, loopback: 2 } as const;
export type Zone = keyof typeof nearness;

/** Null for what nobody is led to: link-local (metadata of clouds), multicast, unspecified, reserved. */
export function zoneOf(address: string): Zone | null {
  if (!ipaddr.isValid(address)) return null;
  const parsed = ipaddr.process(address);
  switch (parsed.range()) {
    case 'unicast':
      return 'public';
    case 'private':
    case 'carrierGradeNat':
    case 'uniqueLocal':
      return 'private';
    case 'loopback':
      return 'loopback';
    case 'rfc6052':
      // NAT64: an IPv4 address in the last four bytes. The second prefix is a site's own business.
      return address.toLowerCase().startsWith('64:ff9b::')
        ? zoneOf(parsed.toByteArray().slice(-4).join('.'))
        : null;
    default:
      return null;
  }
}

class AddressRefused extends Error {
  readonly code = addressRefused;
}

export interface Surroundings {
  /** For the endpoint: connects anywhere and notes where. */
  endpoint: buildConnector.connector;
  /** For pictures: refuses before it connects. */
  pictures: buildConnector.connector;
}

/** @param connectTimeoutMs of one connection */
export function openSurroundings(connectTimeoutMs: number): Surroundings {
  // The farthest of all connections so far counts, so that a name that leads here once cannot open the way. What
  // counts is what sockets are connected to, not what a name resolves to at another moment.
  let farthest: Zone | null | undefined;
  const note = (address: string | undefined) => {
    const zone = address === undefined ? null : zoneOf(address);
    if (farthest === undefined || nearer(farthest, zone)) farthest = zone;
  };
  const allowed = (address: string) => {
    const zone = zoneOf(address);
    return zone !== null && nearness[zone] <= nearness[farthest ?? 'public'];
  };

  const guardedLookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true } as LookupAllOptions, (error, addresses) => {
      const usable = error ? [] : addresses.filter(({ address }) => allowed(address));
      const [first] = usable;
      if (error) callback(error, '', 0);
      else if (!first) callback(refused(addresses), '', 0);
      else if (options.all) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };

  const timeout = connectTimeoutMs;
  const anywhere = buildConnector({ timeout });
  const guarded = buildConnector({ timeout, lookup: guardedLookup } as buildConnector.BuildOptions);
  return {
    endpoint: (options, callback) =>
      anywhere(options, (...result) => {
        if (result[1]) note(result[1].remoteAddress);
        callback(...result);
      }),
    pictures: (options, callback) => {
      // Node does not look up what is an address already.
      const address = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(address) && !allowed(address)) callback(refused([{ address, family: 0 }]), null);
      else guarded(options, callback);
    },
  };
}

function nearer(a: Zone | null, b: Zone | null): boolean {
  return nearness[a ?? 'public'] > nearness[b ?? 'public'];
}

function refused(addresses: readonly LookupAddress[]): AddressRefused {
  return new AddressRefused(addresses.map(({ address }) => address).join(', '));
}
