import { PayCoreError } from '../../core/errors.ts';
import type { Locale } from '../../core/locale.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { InSiteForm } from '../../gateways/gateway.ts';
import type { Calls } from '../calls.ts';

/**
 * Forms of payments in our own page, while they serve: every page of a payment shows the same one, so that none holds the
 * token of a number that another has replaced. One process remembers them; several have them in the store, encrypted, since
 * the token opens the payment at the gateway.
 */
export interface Forms {
  /** The form that is kept and serves, else what `make` gives: of several processes one makes it, the others wait. */
  take(wanted: WantedForm, make: () => Promise<InSiteForm>): Promise<InSiteForm>;
  /** It has been paid with. */
  spend(attemptId: number): void;
  /** Where the payer goes on, for those who have pressed in another process and wait for this one. */
  keepRedirect(attemptId: number, locale: Locale, url: string): Promise<void>;
  findRedirect(attemptId: number): Promise<string | null>;
}

export interface WantedForm {
  readonly attemptId: number;
  readonly locale: Locale;
  /** The token given before does not work any more. */
  readonly renew: boolean;
}

type Parts = Pick<Deps, 'store' | 'vault' | 'clock' | 'log' | 'processId'>;

export function createForms(deps: Parts, calls: Calls): Forms {
  return deps.store.isShared ? shareForms(deps, calls) : rememberForms(deps);
}

/** A token that is about to run out would run out under the payer's hands. */
const TOKEN_RESERVE = MINUTE;
/** A page that says that its token does not work gets another, but not again and again. */
const RENEW_SPACING = 10 * SECOND;

interface KeptForm {
  readonly form: InSiteForm;
  readonly locale: string;
  readonly ageMs: number;
  readonly leftMs: number;
}

/** Null: another one is needed. Its end is told by the clock as it is now: somebody may have set that meanwhile. */
function serve(kept: KeptForm, { locale, renew }: WantedForm, now: number): InSiteForm | null {
  if (kept.locale !== locale || kept.leftMs <= TOKEN_RESERVE) return null;
  if (renew && kept.ageMs >= RENEW_SPACING) return null;
  return { ...kept.form, expiresAt: now + kept.leftMs };
}

const MAX_CACHED = 1000;

function rememberForms({ clock }: Pick<Deps, 'clock'>): Forms {
  /** `madeAt`: on the clock that nobody sets. */
  const forms = new Map<number, { form: InSiteForm; locale: Locale; madeAt: number; lifeMs: number }>();
  return {
    async take(wanted, make) {
      const { attemptId, locale } = wanted;
      const known = forms.get(attemptId);
      const ageMs = clock.elapsed() - (known?.madeAt ?? 0);
      const served = known && serve({ ...known, ageMs, leftMs: known.lifeMs - ageMs }, wanted, clock.now());
      if (served) return served;
      const form = await make();
      if (forms.size >= MAX_CACHED) forms.clear();
      forms.set(attemptId, { form, locale, madeAt: clock.elapsed(), lifeMs: form.expiresAt - clock.now() });
      return form;
    },
    spend: (attemptId) => forms.delete(attemptId),
    // Who presses in this process waits for the answer itself.
    keepRedirect: async () => {},
    findRedirect: async () => null,
  };
}

/** A gateway makes a form within thirty seconds; then somebody else may try. */
const MAKING_LEASE = 35 * SECOND;
/** For presses that wait while the first is led to its bank: they look every quarter of a second. */
const REDIRECT_LIFE = MINUTE;

type Content = { readonly form: InSiteForm } | { readonly redirectUrl: string };

function shareForms({ store, vault, clock, log, processId: owner }: Parts, calls: Calls): Forms {
  const find = async (attemptId: number) => {
    const row = await store.findInSiteForm(attemptId, clock.now());
    if (!row || row.leftMs <= 0) return null;
    return { ...row, content: JSON.parse(vault.open(purposeOf(attemptId), row.sealed)) as Content };
  };

  const keep = (attemptId: number, locale: Locale, content: Content, lifeMs: number) => {
    const sealed = vault.seal(purposeOf(attemptId), JSON.stringify(content));
    return store.keepInSiteForm({ attemptId, locale, sealed, lifeMs, now: clock.now() });
  };

  const findServing = async (wanted: WantedForm): Promise<InSiteForm | null> => {
    const row = await find(wanted.attemptId);
    return row && 'form' in row.content ? serve({ ...row, form: row.content.form }, wanted, clock.now()) : null;
  };

  /** Null: another process is making it. */
  const takeOrMake = async (wanted: WantedForm, make: () => Promise<InSiteForm>): Promise<InSiteForm | null> => {
    const known = await findServing(wanted);
    if (known) return known;
    const { attemptId, locale } = wanted;
    const name = `form ${attemptId}`;
    if (!(await store.claim({ name, owner, now: clock.now(), leaseMs: MAKING_LEASE }))) return null;
    try {
      // It may have been made between the look and the claim.
      const made = await findServing(wanted);
      if (made) return made;
      const form = await make();
      await keep(attemptId, locale, { form }, form.expiresAt - clock.now());
      return form;
    } finally {
      await store.release(name, owner).catch((error) => log.warn('a claim ends by its time only', { name, error }));
    }
  };

  return {
    async take(wanted, make) {
      const attempt = () => takeOrMake(wanted, make);
      const form = (await attempt()) ?? (await calls.waitFor(attempt, (one) => one !== null, { leftMs: MAKING_LEASE }));
      if (!form) throw new PayCoreError('RATE_LIMITED', { details: { retry_after: 1 } });
      return form;
    },
    // What has been called with is not given out again, and goes when its time is over.
    spend: () => {},
    async keepRedirect(attemptId, locale, redirectUrl) {
      // The payer who has pressed here goes on all the same.
      await keep(attemptId, locale, { redirectUrl }, REDIRECT_LIFE).catch((error) =>
        log.warn('presses of the pay button in other processes do not hear where it leads', { error }),
      );
    },
    async findRedirect(attemptId) {
      const row = await find(attemptId);
      return row && 'redirectUrl' in row.content ? row.content.redirectUrl : null;
    },
  };
}

function purposeOf(attemptId: number): string {
  return `in-site form ${attemptId}`;
}
