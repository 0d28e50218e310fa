import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Editor } from './editor.tsx';
import { Broken } from './session/broken.tsx';
import { findSession, forgetSession, type Page, type Session } from './session/session.ts';
import { SignIn } from './session/sign-in.tsx';
import { Splash } from './session/splash.tsx';
import type { Studio } from './state/studio.ts';
import type { StudioWorld } from './state/studio-world.ts';
import type { RenderOptions } from './viewport/options.ts';

export interface AppProps {
  readonly page: Page;
  readonly options: RenderOptions;
  openWorld(session: Session): Promise<StudioWorld>;
}

type Phase =
  | { readonly kind: 'finding' }
  | { readonly kind: 'sign-in'; readonly reason: string | null }
  | { readonly kind: 'opening'; readonly session: Session }
  | { readonly kind: 'broken'; readonly session: Session; readonly error: unknown }
  | { readonly kind: 'open'; readonly studio: Studio; readonly Editor: typeof Editor };

/** From a page address to an open world, and every way that can end. */
export function App(props: AppProps) {
  const phase = useSignal<Phase>({ kind: 'finding' });
  const steps = useMemo(() => makeSteps(phase, props), []);
  useEffect(() => void steps.find(), []);
  const now = phase.value;
  switch (now.kind) {
    case 'finding':
      return <Splash text="One moment…" />;
    case 'opening':
      return <Splash text={`Opening ${now.session.world}`} />;
    case 'open':
      return <now.Editor studio={now.studio} options={props.options} />;
    case 'sign-in':
      return (
        <div class="page">
          <SignIn reason={now.reason} onSubmit={steps.open} />
        </div>
      );
    case 'broken':
      return (
        <div class="page">
          <Broken
            error={now.error}
            world={now.session.world}
            onRetry={() => steps.open(now.session)}
            onSignIn={steps.signIn}
          />
        </div>
      );
  }
}

function makeSteps(phase: Signal<Phase>, { page, openWorld }: AppProps) {
  async function open(session: Session): Promise<void> {
    phase.value = { kind: 'opening', session };
    try {
      // The editor, with three.js in it, comes while the room is being read.
      const [world, { Editor, Studio }] = await Promise.all([
        openWorld(session),
        import('./editor-bundle.ts'),
      ]);
      addEventListener('pagehide', () => void world.close());
      // A page brought back from the browser's cache has a world that was closed.
      addEventListener('pageshow', ({ persisted }) => {
        if (persisted) location.reload();
      });
      phase.value = { kind: 'open', studio: new Studio(world), Editor };
    } catch (error) {
      phase.value = { kind: 'broken', session, error };
    }
  }
  async function find(): Promise<void> {
    const session = await findSession(page);
    if (session === null) phase.value = { kind: 'sign-in', reason: null };
    else await open(session);
  }
  function signIn(): void {
    forgetSession(page);
    phase.value = { kind: 'sign-in', reason: null };
  }
  return { find, open, signIn };
}
