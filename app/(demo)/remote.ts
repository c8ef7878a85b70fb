import type { SubmitInput } from '@/server/demo/schema';
import { useTRPCClient } from '../_trpc/client';

/** Calls whose procedures other parts of the server bring, typed by their contracts and in this file alone. */
interface Remote {
  demo: {
    polish: {
      mutate: (
        input: { prompt: string; language: 'auto' | 'en' | 'zh' },
        options?: { signal?: AbortSignal },
      ) => Promise<Polished>;
    };
    pictureCheck: { query: (input: { hash: string }) => Promise<PictureCheck> };
  };
  estimates: { before: { query: (input: EstimateInput) => Promise<Estimate> } };
}

export interface Polished {
  prompt: string;
  by: 'template' | 'model';
}

export interface PictureCheck {
  state: 'pending' | 'done' | 'unavailable';
  outside: boolean | null;
  error: number | null;
}

export type EstimateInput = Pick<
  SubmitInput,
  'task' | 'width' | 'height' | 'steps' | 'guidance' | 'decoder' | 'maxNewTokens'
>;

/** Milliseconds until the result, null while nothing was measured; how many jobs run before it. */
export interface Estimate {
  low: number | null;
  high: number | null;
  ahead: number;
  coldStart: boolean;
}

export const useRemote = (): Remote => useTRPCClient() as unknown as Remote;
