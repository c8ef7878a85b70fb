/**
 * Where the address of a picture may lead. An endpoint could name one that only this machine reaches: a router's
 * page, a database, a cloud's metadata. So a picture comes from as near as the endpoint itself is and no nearer. And an
 * endpoint may be anywhere but where clouds keep metadata.
 */
import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';
import { addressRefused, linkLocalRefused } from './failures';

const nearness = { public: 0, private: 1, loopback: 2 } as const;
export type Zone = keyof typeof nearness;

/** Where clouds keep metadata apart from link-local addresses. */
const metadataHosts = new Set(['fd00:ec2::254', '100.100.100.200']);

/** An IPv4 address that an IPv6 one stands for by NAT64, in its last four bytes; the address itself otherwise. */
const plain = (address: string): string => {
  const parsed = ipaddr.process(address);
  // The second prefix of NAT64 is a site's own business.
  return parsed.range() === 'rfc6052' && address.toLowerCase().startsWith('64:ff9b::')
    ? parsed.toByteArray().slice(-4).join('.')
    : parsed.toString();
};

/** Whether it is link-local, or another place where clouds keep metadata. */
function isMetadata(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const one = plain(address);
  return metadataHosts.has(one) || ipaddr.parse(one).range() === 'linkLocal';
}

/** Null for what nobody is led to: metadata of clouds, multicast, unspecified, reserved. */
export function zoneOf(address: string): Zone | null {
  if (!ipaddr.isValid(address) || isMetadata(address)) return null;
  switch (ipaddr.parse(plain(address)).range()) {
    case 'unicast':
      return 'public';
    case 'private':
    case 'carrierGradeNat':
    case 'uniqueLocal':
      return 'private';
    case 'loopback':
      return 'loopback';
    default:
      return null;
  }
}

class AddressRefused extends Error {
  constructor(
    addresses: string,
    readonly code: string = addressRefused,
  ) {
    super(addresses);
  }
}

export interface Surroundings {
  /** For the endpoint: connects anywhere but to metadata of clouds, and notes where. */
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

  /** A connector to those addresses that are allowed, decided before it connects. */
  const guarded = (isAllowed: (address: string) => boolean, code: string): buildConnector.connector => {
    const guardedLookup: LookupFunction = (hostname, options, callback) => {
      lookup(hostname, { ...options, all: true } as LookupAllOptions, (error, addresses) => {
        const usable = error ? [] : addresses.filter(({ address }) => isAllowed(address));
        const [first] = usable;
        if (error) callback(error, '', 0);
        else if (!first) callback(refused(addresses, code), '', 0);
        else if (options.all) callback(null, usable);
        else callback(null, first.address, first.family);
      });
    };
    const connect = buildConnector({
      timeout: connectTimeoutMs,
      lookup: guardedLookup,
    } as buildConnector.BuildOptions);
    return (options, callback) => {
      // Node does not look up what is an address already.
      const address = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(address) && !isAllowed(address)) callback(refused([{ address, family: 0 }], code), null);
      else connect(options, callback);
    };
  };
  const endpoint = guarded((address) => !isMetadata(address), linkLocalRefused);
  return {
    endpoint: (options, callback) =>
      endpoint(options, (...result) => {
        if (result[1]) note(result[1].remoteAddress);
        callback(...result);
      }),
    pictures: guarded(allowed, addressRefused),
  };
}

function nearer(a: Zone | null, b: Zone | null): boolean {
  return nearness[a ?? 'public'] > nearness[b ?? 'public'];
}

function refused(addresses: readonly LookupAddress[], code: string): AddressRefused {
  return new AddressRefused(addresses.map(({ address }) => address).join(', '), code);
}
