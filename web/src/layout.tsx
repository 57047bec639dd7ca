import { type ReactNode, useEffect, useRef } from 'react';
import { signOut } from './api.ts';
import { SingleOperatorBanner } from './approval/single-operator.tsx';
import { Link } from './nav.tsx';
import { useSend, useSession, useSessionState } from './session.tsx';

export function Frame({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="top">
        <div className="inner">
          <Link to="/" className="brand">
            AgentOS
          </Link>
          <Person />
        </div>
      </header>
      <SingleOperatorBanner />
      {children}
    </>
  );
}

function Person(): ReactNode {
  const { person, workspace } = useSession();
  const { refresh } = useSessionState();
  const { isBusy, send } = useSend();
  const leave = async (): Promise<void> => {
    await send((csrfToken) => signOut(csrfToken));
    await refresh();
  };
  return (
    <div className="person">
      <p>
        <Link to="/me">{person.email}</Link>
        <span className="quiet">
          {[workspace.name, person.roles.join(', ')].filter((each) => each !== '').join(' · ')}
        </span>
      </p>
      <button type="button" className="plain" aria-disabled={isBusy} onClick={() => void leave()}>
        Sign out
      </button>
    </div>
  );
}

interface PageProps {
  readonly title: ReactNode;
  /** For the window's title where `title` is more than text. */
  readonly tabTitle?: string;
  /** Shows the way back to the list. */
  readonly back?: boolean;
  readonly children: ReactNode;
}

/** The main landmark; the heading takes the focus when a page was reached from another one. */
export function Page({ title, tabTitle, back = false, children }: PageProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  const name = tabTitle ?? (typeof title === 'string' ? title : '');
  useEffect(() => {
    document.title = `${name} · AgentOS`;
  }, [name]);
  useEffect(() => {
    if (hasShownPage) heading.current?.focus();
    hasShownPage = true;
  }, []);
  return (
    <main id="main" tabIndex={-1}>
      {back && (
        <nav aria-label="Breadcrumb">
          <Link to="/">← All approvals</Link>
        </nav>
      )}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </main>
  );
}

let hasShownPage = false;

export function Problem({ text, onRetry }: { readonly text: string; readonly onRetry?: () => void }): ReactNode {
  return (
    <div className="notice bad" role="alert">
      <p>{text}</p>
      {onRetry !== undefined && (
        <button type="button" className="plain" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
