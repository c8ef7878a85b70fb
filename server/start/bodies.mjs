import { IncomingMessage } from 'node:http';

/**
 * Bodies of requests are taken in here, whole, before anything works on them: who sends slowly occupies nothing but a
 * connection, and what all of them hold together is counted, whatever they say of their lengths.
 */

/** A message whose body can be held back until all of it is there. */
export class HeldMessage extends IncomingMessage {
  /** @type {{ take: (chunk: Uint8Array) => void, end: () => void } | null} */
  #holder = null;

  /** @param {{ take: (chunk: Uint8Array) => void, end: () => void } | null} holder gets the body; null: nobody does any more */
  heldBy(holder) {
    this.#holder = holder;
  }

  /**
   * Called by Node's parser with each piece that arrives, and with null at the end.
   * @override @param {any} chunk @param {any} [encoding]
   */
  push(chunk, encoding) {
    if (!this.#holder) return super.push(chunk, encoding);
    if (chunk === null) this.#holder.end();
    else this.#holder.take(chunk);
    return true;
  }
}

/** Why a body is not taken in, with its status. */
export class BodyRefusal extends Error {
  /**
   * @param {number} status
   * @param {string} code of app/_i18n, `errors`
   * @param {string} message
   * @param {{ params?: Record<string, number>, retryAfterSeconds?: number, isOver?: boolean }} [options]
   */
  constructor(status, code, message, { params, retryAfterSeconds, isOver = false } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.params = params;
    this.retryAfterSeconds = retryAfterSeconds;
    /** Whether the connection is closed with it. Else the rest of the body is read and forgotten, so that its sender reads why. */
    this.isOver = isOver;
  }
}

const retryAfterSeconds = 5;

/**
 * @param {object} [settings]
 * @param {number} [settings.total] bytes that all bodies hold together, from when they are announced until they are done with:
 *   two files of conversations, say, with a few pictures beside them
 * @param {number} [settings.ofOne] the same of one network address
 * @param {number} [settings.openOfOne] bodies of one address that are on their way
 * @param {number} [settings.windowMs] how often it is looked at how fast a body comes
 * @param {number} [settings.windowBytes] what has to come meanwhile: a telephone with a bad connection sends twice as much
 */
export function createBodies({
  total = 256_000_000,
  ofOne = 128_000_000,
  openOfOne = 32,
  windowMs = 10_000,
  windowBytes = 100_000,
} = {}) {
  let held = 0;
  /** @type {Map<string, { held: number, open: number }>} */
  const senders = new Map();

  /** @param {string} address */
  const senderOf = (address) => {
    const known = senders.get(address);
    if (known) return known;
    const sender = { held: 0, open: 0 };
    senders.set(address, sender);
    return sender;
  };

  return {
    /** Bytes that are held just now. */
    get held() {
      return held;
    },

    /**
     * Takes in the body of a request; afterwards it can be read from the request as if it had just come.
     * @param {HeldMessage} request as the server gives it, in the same tick
     * @param {import('node:http').ServerResponse} response
     * @param {{ limit: number, address: string | null }} options
     * @returns {Promise<() => void>} gives its bytes free again, which otherwise is done when the request is answered. Rejects
     *   with a BodyRefusal, or with null where nobody is there any more.
     */
    take(request, response, { limit, address }) {
      const key = address ?? '';
      const sender = senderOf(key);
      /** Bytes of this body that are counted: those announced, or those that came. */
      let mine = 0;
      let isOpen = false;
      const forget = () => {
        if (sender.held === 0 && sender.open === 0) senders.delete(key);
      };
      const close = () => {
        if (isOpen) sender.open--;
        isOpen = false;
        forget();
      };
      const release = () => {
        held -= mine;
        sender.held -= mine;
        mine = 0;
        forget();
      };
      /** @param {number} bytes in all */
      const count = (bytes) => {
        const more = bytes - mine;
        if (more <= 0) return;
        if (sender.held + more > ofOne || held + more > total) throw full();
        mine += more;
        held += more;
        sender.held += more;
      };

      return new Promise((resolve, reject) => {
        /** @type {Uint8Array[]} */
        const parts = [];
        let came = 0;
        let seen = 0;
        let isRefused = false;
        let isOver = false;
        const judge = () => {
          const isSlow = came - seen < windowBytes;
          seen = came;
          if (isOver || !isSlow) return;
          if (!isRefused) return refuse(tooSlow());
          clearInterval(timer);
          request.destroy();
        };
        // After what came meanwhile was read: a server that was busy is not to take itself for a slow sender.
        const timer = setInterval(() => setImmediate(judge), windowMs);
        const end = () => {
          isOver = true;
          clearInterval(timer);
          close();
          request.heldBy(null);
          for (const part of parts.splice(0)) request.push(part);
          request.push(null);
        };
        /** @param {unknown} why */
        const refuse = (why) => {
          close();
          release();
          parts.length = 0;
          isRefused = true;
          // What still comes is read and forgotten.
          request.heldBy({ take: (chunk) => void (came += chunk.length), end });
          reject(why);
        };
        response.once('close', () => (isOpen ? refuse(null) : release()));
        try {
          const announced = Number(request.headers['content-length'] ?? 0);
          if (announced > limit) throw tooLarge(limit);
          if (sender.open >= openOfOne)
            throw new BodyRefusal(
              429,
              'BODIES_AT_ONCE',
              `Your network is already sending ${sender.open} requests. Wait for one to finish.`,
              { params: { max: openOfOne }, retryAfterSeconds },
            );
          count(announced);
        } catch (error) {
          return refuse(error);
        }
        isOpen = true;
        sender.open++;
        request.heldBy({
          take(chunk) {
            came += chunk.length;
            if (came > limit) return refuse(tooLarge(limit));
            try {
              count(came);
            } catch (error) {
              return refuse(error);
            }
            parts.push(chunk);
          },
          end() {
            end();
            resolve(release);
          },
        });
      });
    },
  };
}

/** @param {import('node:http').IncomingMessage} request */
export const hasBody = ({ headers }) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const full = () =>
  new BodyRefusal(
    503,
    'BODIES_FULL',
    'The server is receiving as much as it can at the moment. Nothing was lost; try again in a few seconds.',
    { retryAfterSeconds },
  );

/** @param {number} limit */
const tooLarge = (limit) =>
  new BodyRefusal(413, 'TOO_LARGE', `The request is larger than ${limit / 1e6} MB. Send a smaller one.`, {
    params: { megabytes: limit / 1e6 },
  });

const tooSlow = () =>
  new BodyRefusal(
    408,
    'BODY_SLOW',
    'The upload was too slow and was stopped. Try again on a better connection, or send less.',
    { isOver: true },
  );
