import { cleanText } from '../safe.ts';
import type { Frame, Problem } from './frame.ts';
import { ActionForm, FormProblem, TextField } from './parts/form.tsx';

interface Entrance {
  readonly frame: Frame;
  /** Where one wanted to go. */
  readonly next: string;
  readonly problem: Problem | null;
}

function NextField({ next }: { readonly next: string }) {
  return next === '/admin' ? null : <input type="hidden" name="next" value={next} />;
}

export function LoginPage({ frame, next, problem }: Entrance) {
  const { say } = frame;
  return (
    <>
      <h1>{say('login.title')}</h1>
      <ActionForm frame={frame} name="login" action="/admin/login">
        <FormProblem problem={problem} />
        <TextField
          name="email"
          label={say('login.email')}
          type="email"
          autocomplete="username"
          problem={problem}
          required
          maxLength={200}
        />
        <TextField
          name="password"
          label={say('login.password')}
          type="password"
          autocomplete="current-password"
          problem={problem}
          required
        />
        <NextField next={next} />
        <button type="submit" class="button wide">
          {say('login.submit')}
        </button>
      </ActionForm>
      <p class="quiet-text">{say('login.forgot')}</p>
    </>
  );
}

export function CodePage({ frame, next, problem }: Entrance) {
  const { say } = frame;
  return (
    <>
      <h1>{say('login.code.title')}</h1>
      <ActionForm frame={frame} name="login-code" action="/admin/login/code">
        <FormProblem problem={problem} />
        <TextField
          name="code"
          label={say('login.code.label')}
          help={say('login.code.help')}
          autocomplete="one-time-code"
          problem={problem}
          required
          maxLength={20}
        />
        <NextField next={next} />
        <button type="submit" class="button wide">
          {say('login.code.submit')}
        </button>
      </ActionForm>
      <p>
        <a href="/admin/login">{say('login.code.other')}</a>
      </p>
    </>
  );
}

/** Behind a one-time link: whose it is, and the password to be. */
export function WelcomePage(props: {
  readonly frame: Frame;
  readonly person: { readonly name: string; readonly email: string };
  readonly token: string;
  readonly problem: Problem | null;
}) {
  const { frame, person, token, problem } = props;
  const { say } = frame;
  return (
    <>
      <h1>{say('login.welcome.title')}</h1>
      <p>{say('login.welcome.lead', { name: cleanText(person.name) })}</p>
      <ActionForm frame={frame} name="set-password" action={`/admin/welcome/${encodeURIComponent(token)}`}>
        <FormProblem problem={problem} />
        <div class="field">
          <label for="username">{say('login.email')}</label>
          <input id="username" type="email" value={person.email} autocomplete="username" readOnly />
        </div>
        <TextField
          name="password"
          label={say('login.welcome.password')}
          help={say('login.welcome.help')}
          type="password"
          autocomplete="new-password"
          problem={problem}
          required
        />
        <button type="submit" class="button wide">
          {say('login.welcome.submit')}
        </button>
      </ActionForm>
    </>
  );
}

/** A one-time link that was used, or is too old. */
export function LinkGonePage({ frame: { say } }: { readonly frame: Frame }) {
  return (
    <section class="problem">
      <h1>{say('login.gone.title')}</h1>
      <p>{say('login.gone.lead')}</p>
      <p>
        <a class="button" href="/admin/login">
          {say('login.title')}
        </a>
      </p>
    </section>
  );
}
