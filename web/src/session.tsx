import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { ApiError, getSession, type Session } from './api.ts';

export type SessionState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'unreachable'; readonly message: string }
  | { readonly kind: 'signed-in'; readonly session: Session };

interface SessionContext {
  readonly state: SessionState;
  /** Asks the server who is signed in; the only way in or out. */
  readonly refresh: () => Promise<SessionState>;
}

const Context = createContext<SessionContext | undefined>(undefined);

export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [state, setState] = useState<SessionState>({ kind: 'loading' });
  const refresh = useCallback(async () => {
    const next = await readSession();
    // A page in use stays as it is while the server cannot be reached.
    setState((now) => (next.kind === 'unreachable' && now.kind === 'signed-in' ? now : next));
    return next;
  }, []);
  useEffect(() => {
    void refresh();
    const look = (): void => void (document.visibilityState === 'visible' && refresh());
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [refresh]);
  const value = useMemo(() => ({ state, refresh }), [state, refresh]);
  return <Context value={value}>{children}</Context>;
}

async function readSession(): Promise<SessionState> {
  try {
    return { kind: 'signed-in', session: await getSession() };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return { kind: 'signed-out' };
    return { kind: 'unreachable', message: toMessage(error) };
  }
}

export function useSessionState(): SessionContext {
  const context = useContext(Context);
  if (context === undefined) throw new Error('No session provider above.');
  return context;
}

/** For pages that are shown to signed-in people only. */
export function useSession(): Session {
  const { state } = useSessionState();
  if (state.kind !== 'signed-in') throw new Error('Nobody is signed in.');
  return state.session;
}

export type Sent =
  { readonly kind: 'done' } | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** One change at a time: whether it is under way, and what came of it. */
export function useSend(): {
  readonly isBusy: boolean;
  readonly send: (change: (csrfToken: string) => Promise<unknown>) => Promise<Sent>;
} {
  const { refresh } = useSessionState();
  const { csrfToken } = useSession();
  const [isBusy, setBusy] = useState(false);
  const send = async (change: (csrfToken: string) => Promise<unknown>): Promise<Sent> => {
    if (isBusy) return { kind: 'refused', code: 'busy', message: 'The last answer is still under way.' };
    setBusy(true);
    try {
      await change(csrfToken);
      return { kind: 'done' };
    } catch (error) {
      const code = error instanceof ApiError ? error.code : 'failed';
      if (error instanceof ApiError && (error.status === 401 || code === 'csrf')) await refresh();
      if (code === 'csrf')
        return { kind: 'refused', code, message: 'You were signed in anew. Press the button again.' };
      return { kind: 'refused', code, message: toMessage(error) };
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, send };
}

export function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
