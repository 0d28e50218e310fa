import { useSignal } from '@preact/signals';
import { isWebAddress, type PasswordSession } from './session.ts';

interface SignInProps {
  /** Why the form is shown, where it is not simply the first thing. */
  readonly reason: string | null;
  onSubmit(session: PasswordSession): void;
}

/** Homeserver, user, password and world: enough to open any world that one may enter. */
export function SignIn({ reason, onSubmit }: SignInProps) {
  const wrong = useSignal<string | null>(null);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const data = new FormData(event.currentTarget);
    const read = (name: string) => String(data.get(name) ?? '').trim();
    const homeserver = withScheme(read('homeserver'));
    if (!isWebAddress(homeserver)) {
      wrong.value = 'The homeserver is a web address, such as https://matrix.example.org';
      return;
    }
    wrong.value = null;
    const password = String(data.get('password') ?? '');
    onSubmit({ kind: 'password', homeserver, user: read('user'), password, world: read('world') });
  }

  return (
    <form class="page-card sign-in" onSubmit={submit}>
      <h1>Open a world</h1>
      <p class="soft">
        {reason ?? 'Sign in with any Matrix account. The password goes to your homeserver only.'}
      </p>
      <Line
        label="Homeserver"
        name="homeserver"
        placeholder="https://matrix.example.org"
        autocomplete="url"
      />
      <Line label="User" name="user" placeholder="alice" autocomplete="username" />
      <Line label="Password" name="password" type="password" autocomplete="current-password" />
      <Line label="World" name="world" placeholder="#plaza:example.org" autocomplete="off" />
      {wrong.value !== null && (
        <p class="form-error" role="alert">
          {wrong.value}
        </p>
      )}
      <button type="submit" class="button solid large">
        Open
      </button>
    </form>
  );
}

interface LineProps {
  readonly label: string;
  readonly name: string;
  readonly autocomplete: 'url' | 'username' | 'current-password' | 'off';
  readonly placeholder?: string;
  readonly type?: 'text' | 'password';
}

function Line({ label, ...input }: LineProps) {
  return (
    <label class="form-line">
      <span>{label}</span>
      <input required autocapitalize="none" spellcheck={false} {...input} />
    </label>
  );
}

/** `example.org` means `https://example.org`. */
function withScheme(text: string): string {
  return text === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
}
