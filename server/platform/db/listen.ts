import pg from 'pg';

/** One connection that LISTENs, and connects again for as long as it is wanted. */
export interface Listener {
  close: () => Promise<void>;
  /** Resolves when the first LISTEN is in force. */
  ready: Promise<void>;
}

/**
 * @param onNotify gets each notification.
 * @param onConnect runs each time the LISTENs are in force, also after a lost connection: what was notified
 *   meanwhile is lost, so read the tables again.
 */
export function listen(
  url: string,
  channels: string[],
  onNotify: (channel: string, payload: string) => void,
  onConnect: () => void,
): Listener {
  let closed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let delay = 50;
  let settle!: () => void;
  const ready = new Promise<void>((resolve) => (settle = resolve));

  const again = () => {
    if (closed || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      void connect();
    }, delay);
    delay = Math.min(delay * 2, 1000);
  };

  async function connect() {
    const current = new pg.Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: 5000,
      application_name: 'studio-listen',
    });
    client = current;
    let lost = false;
    const drop = () => {
      if (lost) return;
      lost = true;
      void current.end().catch(() => undefined);
      again();
    };
    current.on('error', drop);
    current.on('end', drop);
    current.on('notification', (m) => onNotify(m.channel, m.payload ?? ''));
    try {
      await current.connect();
      for (const channel of channels) await current.query(`LISTEN ${channel}`);
      delay = 50;
      onConnect();
      settle();
    } catch {
      drop();
    }
  }
  void connect();

  return {
    ready,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
