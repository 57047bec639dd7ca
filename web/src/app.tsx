import { type ReactNode, useEffect } from 'react';
import { ApprovalScreen } from './approval/page.tsx';
import { Frame, Page, Problem } from './layout.tsx';
import { ListScreen } from './list.tsx';
import { MeScreen } from './me.tsx';
import { Link, navigate, usePlace } from './nav.tsx';
import { toApprovalId, toSignInPath } from './paths.ts';
import { useSessionState } from './session.tsx';
import { SignInScreen } from './sign-in.tsx';

export function App({ token }: { readonly token: string | undefined }): ReactNode {
  const { state, refresh } = useSessionState();
  const { pathname, search } = usePlace();
  const isSignIn = pathname === '/sign-in';
  const mustSignIn = state.kind === 'signed-out' && !isSignIn;
  useEffect(() => {
    if (mustSignIn) navigate(toSignInPath(pathname + search), { replace: true });
  }, [mustSignIn, pathname, search]);
  if (isSignIn) return <SignInScreen key={token} token={token} />;
  if (state.kind === 'unreachable') {
    return (
      <main id="main">
        <h1>AgentOS</h1>
        <Problem text={state.message} onRetry={() => void refresh()} />
      </main>
    );
  }
  if (state.kind !== 'signed-in') return null;
  return (
    <Frame>
      <Screen key={pathname} path={pathname} />
    </Frame>
  );
}

function Screen({ path }: { readonly path: string }): ReactNode {
  if (path === '/') return <ListScreen />;
  if (path === '/me') return <MeScreen />;
  const id = toApprovalId(path);
  if (id !== undefined) return <ApprovalScreen id={id} />;
  return (
    <Page title="No such page">
      <p>
        <Link to="/">To the approvals</Link>
      </p>
    </Page>
  );
}
