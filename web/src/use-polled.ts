import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError } from './api.ts';
import { toMessage, useSessionState } from './session.tsx';

const INTERVAL_MS = 2500;
const MAX_INTERVAL_MS = 30_000;

export interface Polled<T> {
  readonly data?: T;
  /** `performance.now()` of when the data came. */
  readonly receivedAt: number;
  readonly error?: { readonly status: number; readonly message: string };
  /** Look now instead of later. */
  readonly refresh: () => void;
}

/** What `load` answers, kept fresh while the page is visible; `load` must keep its identity while it asks for the same. */
export function usePolled<T>(load: (signal: AbortSignal) => Promise<T>): Polled<T> {
  const { refresh: refreshSession } = useSessionState();
  const [state, setState] = useState<Omit<Polled<T>, 'refresh'>>({ receivedAt: 0 });
  const lookNow = useRef<() => void>(() => undefined);
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    const look = async (): Promise<void> => {
      clearTimeout(timer);
      if (document.visibilityState === 'hidden') return;
      try {
        const data = await load(abort.signal);
        if (abort.signal.aborted) return;
        failures = 0;
        setState({ data, receivedAt: performance.now() });
      } catch (error) {
        if (abort.signal.aborted) return;
        failures++;
        const status = error instanceof ApiError ? error.status : 0;
        setState((last) => ({ ...last, error: { status, message: toMessage(error) } }));
        if (status === 401) void refreshSession();
      }
      clearTimeout(timer);
      timer = setTimeout(() => void look(), Math.min(INTERVAL_MS * 2 ** failures, MAX_INTERVAL_MS));
    };
    lookNow.current = () => void look();
    const wake = (): void => void look();
    document.addEventListener('visibilitychange', wake);
    setState({ receivedAt: 0 });
    void look();
    return () => {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', wake);
    };
  }, [load, refreshSession]);
  const refresh = useCallback(() => lookNow.current(), []);
  return { ...state, refresh };
}
