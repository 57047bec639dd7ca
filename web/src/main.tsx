import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { SessionProvider } from './session.tsx';
import { takeToken } from './sign-in.tsx';
import './styles.css';

const container = document.getElementById('root');
if (container === null) throw new Error('The page has no root.');
const root = createRoot(container);

function show(token: string | undefined): void {
  root.render(
    <StrictMode>
      <SessionProvider>
        <App token={token} />
      </SessionProvider>
    </StrictMode>,
  );
}

show(takeToken());
// A link that is opened while the page is open changes the fragment only.
window.addEventListener('hashchange', () => {
  const token = takeToken();
  if (token !== undefined) show(token);
});
