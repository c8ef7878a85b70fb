import { sha256 } from '../fingerprint';

/**
 * The name of a file for a key of a data set, which may be anything: the key itself where it is a plain name, else what
 * is plain of it with a hash, so that two keys never share a file.
 */
export function fileNameOf(key: string): string {
  if (/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(key)) return key;
  const plain = key.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 40);
  return `${plain}-${sha256(key).slice(0, 16)}`;
}
