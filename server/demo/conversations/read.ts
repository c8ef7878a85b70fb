import path from 'node:path';
import { z } from 'zod';
import { decodeText, EncodingError, readEntries } from '../../../eval/json';
import { imageLimits } from '../../../models/runtime/image/decode';
import { oneLine, StudioError } from '../../platform/errors/errors';
import { hasMoreValues } from '../../platform/limits/json-values';
import { unpack } from './archive';
import { conversationLimits, conversationSchema, type Conversation } from './schema';

/** What a file has: its conversations, and the bytes of the pictures that they name. */
export interface ReadFiles {
  conversations: Conversation[];
  /** @throws StudioError BAD_REQUEST when there is no such picture in the file */
  picture: (name: string) => Uint8Array;
}

const refuse = (message: string, reason = 'IMPORT_UNREADABLE') =>
  new StudioError('BAD_REQUEST', message, { reason });
/** Far more than the turns of a file have, whatever they say. */
const mostValues = 1_000_000;
const shorten = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** A ZIP file, or JSON or JSON lines with pictures as data URLs: the first bytes tell. */
export function readFiles(file: Uint8Array): ReadFiles {
  const isZip = file[0] === 0x50 && file[1] === 0x4b;
  return isZip ? readArchive(file) : readJson(file);
}

function readArchive(file: Uint8Array): ReadFiles {
  const files = unpack(file, (name) => /\.(jsonl?|png|jpe?g|webp)$/i.test(name));
  const texts = [...files.keys()].filter((name) => /\.jsonl?$/i.test(name));
  const whole = texts.find((name) => path.posix.basename(name) === 'conversation.json');
  const chosen = whole === undefined ? texts : [whole];
  const conversations = chosen.flatMap((name) => {
    const folder = name.slice(0, name.lastIndexOf('/') + 1);
    // Paths count from the file that names them; as keys they lead nowhere else.
    return parse(files.get(name) ?? new Uint8Array()).map((conversation) => ({
      ...conversation,
      images: conversation.images.map((image) => folder + image),
    }));
  });
  return {
    conversations,
    picture(name) {
      const bytes = files.get(name);
      if (!bytes)
        throw refuse(`The file has no image ${shorten(JSON.stringify(name))}.`, 'IMPORT_PICTURE_MISSING');
      return bytes;
    },
  };
}

function readJson(file: Uint8Array): ReadFiles {
  return {
    conversations: parse(file),
    picture(name) {
      const [, data] = /^data:image\/[\w.+-]{1,40};base64,([A-Za-z0-9+/]*={0,2})$/.exec(name) ?? [];
      if (data === undefined)
        throw refuse(
          `The image ${shorten(JSON.stringify(name))} is not in the file. Import the ZIP file that contains it.`,
          'IMPORT_PICTURE_MISSING',
        );
      if (data.length > (imageLimits.bytes * 4) / 3 + 4)
        throw refuse(`An image is larger than ${imageLimits.bytes / 1e6} MB.`, 'IMPORT_TOO_LARGE');
      return Buffer.from(data, 'base64');
    },
  };
}

/** One conversation, a list of them, or one a line. */
function parse(bytes: Uint8Array): Conversation[] {
  if (hasMoreValues(bytes, mostValues))
    throw refuse('The file has too many values to be a conversation.', 'IMPORT_TOO_LARGE');
  const entries = readEntries(textOf(bytes));
  const [damaged] = entries.filter(({ error }) => error !== undefined);
  if (damaged)
    throw refuse(
      `The file is neither a ZIP file nor JSON: ${damaged.where}: ${shorten(oneLine(damaged.error ?? ''))}.`,
    );
  const values = entries.map(({ value }) => value);
  if (values.length > conversationLimits.turns)
    throw refuse(
      `The file has ${values.length} conversations; the limit is ${conversationLimits.turns}.`,
      'IMPORT_TOO_LARGE',
    );
  return values.map((value) => {
    const parsed = conversationSchema.safeParse(value);
    if (!parsed.success)
      throw refuse(
        `The file is not a conversation in the unified message format: ${shorten(oneLine(z.prettifyError(parsed.error)))}`,
      );
    return parsed.data;
  });
}

function textOf(bytes: Uint8Array): string {
  try {
    return decodeText(bytes);
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    throw refuse(`The file is neither a ZIP file nor JSON text: ${error.message}.`);
  }
}
