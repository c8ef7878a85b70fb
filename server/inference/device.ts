import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { CancelledError, errorFromJson, RuntimeError } from '../../models/runtime/errors';
import type { Manifest } from '../../models/runtime/manifest';
import type {
  InferenceEvent,
  InferenceRequest,
  InferenceResult,
  Reconstruction,
  RgbImage,
} from '../../models/runtime/types';
import { StudioError } from '../platform/errors/errors';
import type { Logger } from '../platform/log/log';
import { typescriptFlags } from '../platform/processes/typescript';
import type { InferenceHealth } from './health';
import type {
  ChildArguments,
  ChildRequest,
  ChildResult,
  FromChild,
  ServedManifest,
  ToChild,
} from './protocol';

export interface DeviceRunOptions {
  onEvent?: (event: InferenceEvent) => void;
  /** The child died and the request starts anew on another: what was streamed so far is void. */
  onRestart?: () => void;
  signal?: AbortSignal;
  previewEvery?: number;
  timeLimitMs?: number;
}

/** One child process that owns models and answers requests one by one. */
export interface ModelChild<Request, Result> {
  /**
   * @throws CancelledError, RuntimeError (what the model refused), StudioError INFERENCE_CRASHED when the child
   *   died twice or the time limit passed, INFERENCE_UNAVAILABLE after `stop`.
   */
  run(request: Request, options?: DeviceRunOptions): Promise<Result>;
  health(): InferenceHealth;
  /** Resolves when the first load went well or wrong. */
  settled: Promise<void>;
  stop(): Promise<void>;
}

/** One device, behind one child process that owns the model. */
export interface InferenceDevice extends ModelChild<InferenceRequest, InferenceResult> {
  /** How well the model draws a picture again, for telling whether it knows such pictures. @throws as `run` */
  reconstruct(image: RgbImage, options?: DeviceRunOptions): Promise<Reconstruction>;
}

interface ModelChildOptions<M extends ServedManifest> {
  log: Logger;
  /** The module that serves the child's side. */
  entry: string;
  /** Called after each load, with how long it took. */
  onModel?: (model: { manifest: M; hash: string; loadMs: number }) => void;
  /** How long a child may take to heed a cancel before it is replaced. */
  cancelPatienceMs?: number;
}

export type DeviceOptions = ChildArguments & ModelChildOptions<Manifest>;

interface Pending<Request, Result> {
  request: Request;
  options: DeviceRunOptions;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
  crashes: number;
  /** Set when it is not to be tried again: why. */
  over?: string;
}

const defaultTimeLimit = 15 * 60_000;

export function createDevice({ modelDir, device, memory, ...options }: DeviceOptions): InferenceDevice {
  const child = startModelChild<ChildArguments, ChildRequest, ChildResult, Manifest>(
    { modelDir, device, memory },
    options,
  );
  const unexpected = (kind: string) =>
    new RuntimeError('graph_failed', `The inference process answered with ${kind}.`);
  return {
    ...child,
    async run(request, runOptions) {
      const result = await child.run(request, runOptions);
      if (result.kind === 'reconstruction') throw unexpected(result.kind);
      return result;
    },
    async reconstruct(image, runOptions) {
      const result = await child.run({ task: 'reconstruct', image }, runOptions);
      if (result.kind !== 'reconstruction') throw unexpected(result.kind);
      return result;
    },
  };
}

/**
 * Pages and the database go first where they share the CPU with a model: a page takes milliseconds of what a model takes
 * whole. Set before the child has made the threads that compute, which inherit it.
 */
function yieldTheCpu(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It ended already, or the system has no priorities to give.
  }
}

/**
 * Starts a child that serves requests, and starts it again when it dies.
 * @param args what the child's `load` gets, beside the device for the health
 */
export function startModelChild<
  Arguments extends { device: string },
  Request,
  Result,
  M extends ServedManifest = ServedManifest,
>(args: Arguments, options: ModelChildOptions<M>): ModelChild<Request, Result> {
  const { log, entry, onModel, cancelPatienceMs = 30_000 } = options;
  const waiting: Pending<Request, Result>[] = [];
  let current: { id: number; pending: Pending<Request, Result>; done: () => void } | undefined;
  let child: ChildProcess | undefined;
  let ready = false;
  let stopped = false;
  let nextId = 1;
  let respawnDelay = 100;
  let deathsLoading = 0;
  let killReason: string | undefined;
  const health: InferenceHealth = {
    device: args.device,
    state: 'starting',
    model: null,
    hash: null,
    rss: null,
    error: null,
    loadingSince: null,
    graphs: null,
  };
  let settle!: () => void;
  const settled = new Promise<void>((resolve) => (settle = resolve));

  function spawn() {
    if (child || stopped) return;
    health.state = 'starting';
    health.loadingSince = Date.now();
    const started = fork(entry, [JSON.stringify(args)], {
      serialization: 'advanced',
      execArgv: typescriptFlags,
      detached: true,
    });
    child = started;
    yieldTheCpu(started.pid);
    started.on('message', (message) => receive(message as FromChild<Result, M>));
    started.on('error', (error) => {
      log.error({ err: error }, 'inference child');
      if (started.pid !== undefined) return;
      // What could not be begun tells no end: too many processes, no memory.
      killReason = error.message;
      exited(null, null);
    });
    started.on('exit', (code, signal) => exited(code, signal));
  }

  function exited(code: number | null, signal: string | null) {
    child = undefined;
    ready = false;
    health.rss = null;
    health.graphs = null;
    if (stopped) return;
    const how = killReason ?? (signal ? `signal ${signal}` : `exit code ${code}`);
    killReason = undefined;
    const lost = current;
    lost?.done();
    current = undefined;
    // A request that came between the failure and this end loads again.
    if (health.state === 'failed') return next();
    log.warn({ how }, 'inference child ended');
    if (lost) giveBack(lost.pending, how);
    if (health.state === 'starting' && ++deathsLoading >= 2)
      return loadFailed(
        new StudioError(
          'INFERENCE_UNAVAILABLE',
          `The inference process ended while loading the model (${how}).`,
        ),
      );
    health.state = 'starting';
    if (waiting.length > 0) spawn();
    else setTimeout(spawn, respawnDelay).unref();
    respawnDelay = Math.min(respawnDelay * 2, 10_000);
  }

  /** After a death of the child: once more, then give up. */
  function giveBack(pending: Pending<Request, Result>, how: string) {
    if (pending.options.signal?.aborted) return pending.reject(new CancelledError());
    if (pending.over) return pending.reject(new StudioError('INFERENCE_CRASHED', pending.over));
    pending.crashes += 1;
    if (pending.crashes < 2) {
      waiting.unshift(pending);
      pending.options.onRestart?.();
      return;
    }
    pending.reject(
      new StudioError(
        'INFERENCE_CRASHED',
        `The inference process ended twice during this job (${how}). Try a smaller image or fewer steps; see the server's log for details.`,
      ),
    );
  }

  /** Forgotten with its child: the next request loads again. */
  function loadFailed(error: StudioError | RuntimeError) {
    Object.assign(health, { state: 'failed', error: error.message, loadingSince: null });
    deathsLoading = 0;
    log.error({ code: error.code }, error.message);
    for (const pending of waiting.splice(0)) pending.reject(error);
    settle();
  }

  function receive(message: FromChild<Result, M>) {
    switch (message.type) {
      case 'ready': {
        ready = true;
        deathsLoading = 0;
        respawnDelay = 100;
        const loadMs = Date.now() - (health.loadingSince ?? Date.now());
        Object.assign(health, {
          state: 'ready',
          loadingSince: null,
          model: `${message.manifest.name} ${message.manifest.version}`,
          hash: message.hash,
          error: null,
        });
        onModel?.({ manifest: message.manifest, hash: message.hash, loadMs });
        settle();
        return next();
      }
      case 'load-failed':
        return loadFailed(
          errorFromJson(message.error) ?? new RuntimeError('graph_failed', message.error.message),
        );
      case 'memory':
        health.rss = message.rss;
        return;
      case 'graphs':
        health.graphs = message.graphs;
        return;
      case 'event':
        if (message.id === current?.id) current.pending.options.onEvent?.(message.event);
        return;
      case 'result':
      case 'error': {
        if (message.id !== current?.id) return;
        const { pending, done } = current;
        done();
        current = undefined;
        if (message.type === 'result') pending.resolve(message.result);
        else pending.reject(errorFromJson(message.error) ?? new Error(message.error.message));
        return next();
      }
    }
  }

  function kill(reason: string) {
    killReason = reason;
    child?.kill('SIGKILL');
  }

  function next() {
    if (stopped || current || waiting.length === 0) return;
    if (!child) return spawn();
    if (!ready) return;
    const pending = waiting.shift();
    if (!pending) return;
    const { signal, previewEvery = 0, timeLimitMs = defaultTimeLimit } = pending.options;
    const id = nextId++;
    let patience: NodeJS.Timeout | undefined;
    const onAbort = () => {
      send({ type: 'cancel', id });
      patience = setTimeout(() => kill('did not heed a cancel'), cancelPatienceMs);
    };
    const limit = setTimeout(() => {
      pending.over = `The job took longer than its limit of ${Math.round(timeLimitMs / 1000)} s and was stopped.`;
      kill('time limit');
    }, timeLimitMs);
    current = {
      id,
      pending,
      done: () => {
        clearTimeout(limit);
        clearTimeout(patience);
        signal?.removeEventListener('abort', onAbort);
      },
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    send({ type: 'run', id, request: pending.request, previewEvery });
    if (signal?.aborted) onAbort();
  }

  function send(message: ToChild<Request>) {
    // A child that just died answers with an error here; its exit handles the request.
    child?.send(message, () => undefined);
  }

  spawn();
  return {
    settled,
    health: () => ({ ...health }),
    run: (request, runOptions = {}) =>
      new Promise<Result>((resolve, reject) => {
        if (stopped) return reject(new StudioError('INFERENCE_UNAVAILABLE', 'The worker is stopping.'));
        const { signal } = runOptions;
        const onAbort = () => {
          const at = waiting.indexOf(pending);
          if (at < 0) return;
          waiting.splice(at, 1);
          pending.reject(new CancelledError());
        };
        // Its signal may outlive it: that of a worker, of a run.
        const settled =
          <T>(settle: (value: T) => void) =>
          (value: T) => {
            signal?.removeEventListener('abort', onAbort);
            settle(value);
          };
        const pending: Pending<Request, Result> = {
          request,
          options: runOptions,
          resolve: settled(resolve),
          reject: settled(reject),
          crashes: 0,
        };
        waiting.push(pending);
        signal?.addEventListener('abort', onAbort, { once: true });
        next();
      }),
    async stop() {
      stopped = true;
      const gone = new StudioError('INFERENCE_UNAVAILABLE', 'The worker is stopping.');
      for (const pending of waiting.splice(0)) pending.reject(gone);
      current?.done();
      current?.pending.reject(gone);
      current = undefined;
      settle();
      const last = child;
      if (!last) return;
      const ended = new Promise((resolve) => last.once('exit', resolve));
      last.kill('SIGKILL');
      await ended;
    },
  };
}
