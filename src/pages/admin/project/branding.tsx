import { correctAccent, THEMES } from '../../accent.ts';
import { listPictures } from '../../checkout/brand.tsx';
import { cleanText } from '../../safe.ts';
import type { Frame, Problem } from '../frame.ts';
import { ActionForm, FormProblem, TextField } from '../parts/form.tsx';
import { ProjectFrame, type ProjectPageModel, SectionHead } from './frame.tsx';

/** Names of settings that are about the look of payer pages. */
export const BRANDING_FIELDS = ['display_name', 'logo_url', 'accent', 'contact'] as const;
export type Branding = Readonly<Record<(typeof BRANDING_FIELDS)[number], string>>;

export interface BrandingModel extends ProjectPageModel {
  /** As it is stored; empty: not set. */
  readonly branding: Branding;
  /** As the preview shows it. */
  readonly shown: Branding;
  readonly problem: Problem | null;
}

export function BrandingPage(model: BrandingModel) {
  const { frame, project, branding, problem, isOwner } = model;
  const { say } = frame;
  return (
    <ProjectFrame model={model}>
      <div class="branding">
        <section class="card">
          <SectionHead title={say('branding.title')} about={say('branding.about')} />
          {isOwner ? (
            <ActionForm frame={frame} name="set-branding" action={`/admin/projects/${project.id}/branding`}>
              <FormProblem problem={problem} />
              <TextField
                name="display_name"
                label={say('branding.name')}
                help={say('branding.name.help', { name: cleanText(project.name) })}
                value={branding.display_name}
                placeholder={project.name}
                problem={problem}
                maxLength={100}
                autocomplete="off"
              />
              <TextField
                name="logo_url"
                label={say('branding.logo')}
                help={say('branding.logo.help')}
                value={branding.logo_url}
                type="url"
                placeholder="https://"
                problem={problem}
                autocomplete="off"
              />
              <AccentField say={say} value={branding.accent} problem={problem} />
              <TextField
                name="contact"
                label={say('branding.contact')}
                help={say('branding.contact.help')}
                value={branding.contact}
                problem={problem}
                maxLength={200}
                autocomplete="off"
              />
              <div class="actions">
                <button type="submit" class="button">
                  {say('project.save')}
                </button>
              </div>
            </ActionForm>
          ) : (
            <dl class="facts">
              <Fact name={say('branding.name')} value={branding.display_name} none={say('frame.none')} />
              <Fact name={say('branding.logo')} value={branding.logo_url} none={say('frame.none')} />
              <Fact name={say('branding.accent')} value={branding.accent} none={say('frame.none')} />
              <Fact name={say('branding.contact')} value={branding.contact} none={say('frame.none')} />
            </dl>
          )}
        </section>
        <Preview model={model} />
      </div>
    </ProjectFrame>
  );
}

function Fact({ name, value, none }: { readonly name: string; readonly value: string; readonly none: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <bdi>{value === '' ? none : cleanText(value)}</bdi>
      </dd>
    </>
  );
}

const COLOUR = /^#[0-9a-f]{6}$/i;
const DEFAULT_ACCENT = '#0b6b5d';

/** The text counts; the picker beside it, which knows no "none", only fills it in and needs a script. */
function AccentField(props: { readonly say: Frame['say']; readonly value: string; readonly problem: Problem | null }) {
  const { say, value, problem } = props;
  const wrong = problem?.fields.accent;
  const shown = problem?.given.accent ?? value;
  return (
    <div class="field">
      <label for="accent">{say('branding.accent')}</label>
      <div class="accent-row">
        <input
          id="accent"
          name="accent"
          type="text"
          value={shown}
          placeholder={DEFAULT_ACCENT}
          maxLength={7}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={wrong ? 'true' : undefined}
          aria-describedby={wrong ? 'accent-help accent-wrong' : 'accent-help'}
        />
        <input
          type="color"
          value={COLOUR.test(shown) ? shown.toLowerCase() : DEFAULT_ACCENT}
          aria-label={say('branding.accent.pick')}
          data-accent-pick
          hidden
        />
      </div>
      <p class="help" id="accent-help">
        {say('branding.accent.help')}
      </p>
      {wrong && (
        <p class="wrong" id="accent-wrong">
          {say('branding.accent.wrong')}
        </p>
      )}
    </div>
  );
}

/** Two small payer pages side by side, one in each theme, in the colours as payer pages draw them. */
function Preview({ model }: { readonly model: BrandingModel }) {
  const { frame, project, shown } = model;
  const { say } = frame;
  const accent = COLOUR.test(shown.accent) ? shown.accent.toLowerCase() : null;
  const isCorrected = accent !== null && correctAccent(accent, THEMES.light) !== accent;
  return (
    <section class="preview-part" aria-label={say('branding.preview')}>
      <h2>{say('branding.preview')}</h2>
      {accent !== null && (
        <link rel="stylesheet" href={`/assets/accent/preview/${accent.slice(1)}.css`} data-preview-style />
      )}
      <div class="previews" data-preview data-name={project.name}>
        {(['light', 'dark'] as const).map((theme) => (
          <div key={theme} class="preview" data-theme={theme} role="img" aria-label={say(`branding.${theme}`)}>
            <PreviewLogo shown={shown} />
            <p class="preview-shop" data-show="display_name">
              {cleanText(shown.display_name === '' ? project.name : shown.display_name)}
            </p>
            <p class="preview-what">{say('branding.what')}</p>
            <p class="preview-amount">NT$980</p>
            <p class="preview-button">{say('branding.button')}</p>
            <p class="preview-contact" data-show="contact">
              {cleanText(shown.contact)}
            </p>
          </div>
        ))}
      </div>
      <p class="quiet-text">{say(isCorrected ? 'branding.corrected' : 'branding.contrast')}</p>
      <p class="quiet-text scripted" data-preview-logo-note hidden>
        {say('branding.logo.later')}
      </p>
    </section>
  );
}

function PreviewLogo({ shown }: { readonly shown: Branding }) {
  const isDrawn = listPictures({ accent: null, contact: null, logoUrl: shown.logo_url }).length > 0;
  return isDrawn ? (
    <img class="preview-logo" src={shown.logo_url} alt="" height="32" referrerpolicy="no-referrer" />
  ) : null;
}
