import type { Link, LinkState } from '../../core/link.ts';
import { hasRight } from '../../core/person.ts';
import type { Shape } from '../checkout/shapes.ts';
import { Qr } from '../checkout/symbol.tsx';
import { formatMoney } from '../format.ts';
import { cleanText } from '../safe.ts';
import type { Frame, Problem } from './frame.ts';
import { ActionForm, Ask, CheckField, CopyField, FormProblem, SelectField, TextField } from './parts/form.tsx';
import { Moment } from './parts/moment.tsx';
import { Pager } from './parts/pager.tsx';
import { Dot, type Tone } from './parts/status.tsx';
import { Empty, Table } from './parts/table.tsx';
import { When } from './parts/when.tsx';

export interface LinkView extends Link {
  readonly state: LinkState;
  readonly projectName: string;
  /** What is handed out. */
  readonly url: string;
}

const PATH = '/admin/links';
const TONES: Readonly<Record<LinkState, Tone>> = { open: 'good', used: 'quiet', closed: 'quiet', expired: 'quiet' };

type Say = Frame['say'];

function tellAmount(say: Say, { amount, minAmount, maxAmount, currency }: Link): string {
  if (amount !== null) return formatMoney(amount, currency);
  if (minAmount === null && maxAmount === null) return say('links.open');
  const [min, max] = [minAmount, maxAmount].map((bound) => (bound === null ? null : formatMoney(bound, currency)));
  if (min === null) return say('links.between', { range: say('links.to', { max: max ?? '' }) });
  if (max === null) return say('links.between', { range: say('links.from', { min: min ?? '' }) });
  return say('links.between', { range: say('links.range', { min: min ?? '', max: max ?? '' }) });
}

function tellPaid(say: Say, { paidCount, paidAmount, currency }: Link): string {
  return paidCount === 0
    ? '—'
    : `${formatMoney(paidAmount, currency)} · ${say('links.paid.count', { count: paidCount })}`;
}

function State({ say, state }: { readonly say: Say; readonly state: LinkState }) {
  return <Dot tone={TONES[state]}>{say(`links.state.${state}`)}</Dot>;
}

const isOwner = ({ person }: Frame): boolean => person !== null && hasRight(person, 'owner');

export function LinksPage(props: {
  readonly frame: Frame;
  readonly links: readonly LinkView[];
  /** Of the next page; null: this was the last. */
  readonly next: string | null;
}) {
  const { frame, links, next } = props;
  const { say, view, projects } = frame;
  const make = isOwner(frame) && projects.length > 0 && (
    <a class="button" href={`${PATH}/new`}>
      {say('links.new')}
    </a>
  );
  return (
    <>
      <div class="head-row">
        <h1>{say('page.links')}</h1>
        {links.length > 0 && make}
      </div>
      {links.length === 0 ? (
        <Empty message={say(projects.length === 0 ? 'links.none' : `links.empty.${view.kind}`)}>{make}</Empty>
      ) : (
        <Table
          label={say('page.links')}
          rows={links}
          keyOf={({ id }) => id}
          hrefOf={({ linkNo }) => `${PATH}/${linkNo}`}
          dataOf={({ linkNo }) => ({ 'data-link-no': linkNo })}
          columns={[
            {
              name: 'title',
              label: say('links.title'),
              cell: ({ title }) => <bdi>{cleanText(title)}</bdi>,
              phone: 'first',
              isLong: true,
            },
            ...(projects.length > 1 && view.projectId === null
              ? [
                  {
                    name: 'project',
                    label: say('links.project'),
                    cell: ({ projectName }: LinkView) => <bdi>{cleanText(projectName)}</bdi>,
                    isWide: true,
                  },
                ]
              : []),
            {
              name: 'amount',
              label: say('links.amount'),
              cell: ({ amount, currency }) => (amount === null ? say('links.open') : formatMoney(amount, currency)),
              isNumber: true,
              phone: 'first-end',
            },
            {
              name: 'paid',
              label: say('links.paid'),
              cell: (link) => tellPaid(say, link),
              isNumber: true,
              phone: 'second-end',
            },
            {
              name: 'state',
              label: say('links.state'),
              cell: ({ state }) => <State say={say} state={state} />,
              phone: 'second',
            },
            {
              name: 'made',
              label: say('links.made'),
              cell: ({ createdAt }) => <When frame={frame} at={createdAt} />,
              isWide: true,
            },
          ]}
        />
      )}
      <Pager frame={frame} next={next} />
    </>
  );
}

export function NewLinkPage(props: {
  readonly frame: Frame;
  readonly currency: string;
  readonly problem: Problem | null;
}) {
  const { frame, currency, problem } = props;
  const { say, view, projects } = frame;
  const given = problem?.given ?? {};
  const mode = given.mode ?? view.kind;
  return (
    <>
      <h1>{say('links.new')}</h1>
      <section class="card">
        {mode === 'test' && <p class="quiet-text">{say('links.test.note')}</p>}
        <ActionForm frame={frame} name="create-link" action={`${PATH}/new`}>
          <FormProblem problem={problem} />
          <input type="hidden" name="mode" value={mode} />
          {projects.length > 1 && (
            <SelectField
              name="project"
              label={say('links.project')}
              options={projects.map(({ id, name }) => ({ value: String(id), label: cleanText(name) }))}
              value={String(view.projectId ?? projects[0]?.id ?? '')}
              problem={problem}
            />
          )}
          <TextField
            name="title"
            label={say('links.title')}
            help={say('links.title.help')}
            problem={problem}
            required
            maxLength={200}
            autocomplete="off"
          />
          <AmountKind say={say} isOpen={given.kind === 'open'} problem={problem} />
          <TextField
            name="currency"
            label={say('links.currency')}
            value={currency}
            problem={problem}
            maxLength={3}
            autocomplete="off"
          />
          <TextField
            name="expires_at"
            label={say('links.expires')}
            help={say('links.expires.help')}
            type="date"
            problem={problem}
          />
          <CheckField name="single_use" label={say('links.single')} checked={given.single_use !== undefined} />
          <div class="actions">
            <button type="submit" class="button">
              {say('links.create')}
            </button>
          </div>
        </ActionForm>
      </section>
    </>
  );
}

/** Which fields count is said by the choice above them; the style sheet hides the others, and without it both stand there. */
function AmountKind(props: { readonly say: Say; readonly isOpen: boolean; readonly problem: Problem | null }) {
  const { say, isOpen, problem } = props;
  return (
    <fieldset class="amount-kind">
      <legend>{say('links.kind')}</legend>
      <label class="check">
        <input type="radio" name="kind" value="fixed" checked={!isOpen} />
        <span>{say('links.kind.fixed')}</span>
      </label>
      <label class="check">
        <input type="radio" name="kind" value="open" checked={isOpen} />
        <span>{say('links.kind.open')}</span>
      </label>
      <div class="when-fixed">
        <TextField name="amount" label={say('links.amount')} inputMode="decimal" problem={problem} autocomplete="off" />
      </div>
      <div class="when-open bounds">
        <TextField
          name="min_amount"
          label={say('links.min')}
          inputMode="decimal"
          problem={problem}
          autocomplete="off"
        />
        <TextField
          name="max_amount"
          label={say('links.max')}
          inputMode="decimal"
          problem={problem}
          autocomplete="off"
        />
        <p class="help">{say('links.bounds.help')}</p>
      </div>
    </fieldset>
  );
}

export function LinkPage(props: { readonly frame: Frame; readonly link: LinkView; readonly shape: Shape }) {
  const { frame, link, shape } = props;
  const { say } = frame;
  const title = cleanText(link.title);
  const amount = tellAmount(say, link);
  return (
    <>
      <p class="crumb">
        <a href={PATH}>{say('links.back')}</a>
      </p>
      <h1>
        <bdi>{title}</bdi>
      </h1>
      <div class="link-page">
        <section class="card">
          <LinkFacts frame={frame} link={link} amount={amount} />
          <CopyField say={say} id="link-url" label={say('links.address')} value={link.url} />
          <div class="actions">
            <a class="button quiet" href={link.url} target="_blank" rel="noopener noreferrer">
              {say('links.look')}
            </a>
            {link.state === 'open' && isOwner(frame) && (
              <Ask
                frame={frame}
                name="close-link"
                action={`${PATH}/${link.linkNo}/close`}
                label={say('links.close')}
                question={say('links.ask', { title, amount })}
                answer={say('links.close')}
              />
            )}
          </div>
        </section>
        <section class="card link-code">
          <p class="print-only print-title">{title}</p>
          <p class="print-only">{amount}</p>
          <div class="qr" data-qr>
            <Qr shape={shape} label={say('links.qr')} size="large" />
          </div>
          <p class="quiet-text no-print">{say('links.print.help')}</p>
          <button type="button" class="button quiet no-print" data-print hidden>
            {say('links.print')}
          </button>
        </section>
      </div>
    </>
  );
}

function LinkFacts({
  frame,
  link,
  amount,
}: {
  readonly frame: Frame;
  readonly link: LinkView;
  readonly amount: string;
}) {
  const { say, projects } = frame;
  return (
    <dl class="facts">
      <dt>{say('links.state')}</dt>
      <dd>
        <State say={say} state={link.state} />
      </dd>
      <dt>{say('links.amount')}</dt>
      <dd>{amount}</dd>
      <dt>{say('links.paid')}</dt>
      <dd data-paid-count={link.paidCount}>{tellPaid(say, link)}</dd>
      <dt>{say('links.uses')}</dt>
      <dd>{say(link.isSingleUse ? 'links.single.yes' : 'links.single.no')}</dd>
      <dt>{say('links.expires')}</dt>
      <dd>{link.expiresAt === null ? say('links.never') : <Moment frame={frame} at={link.expiresAt} />}</dd>
      {projects.length > 1 && (
        <>
          <dt>{say('links.project')}</dt>
          <dd>
            <bdi>{cleanText(link.projectName)}</bdi>
          </dd>
        </>
      )}
      <dt>{say('links.number')}</dt>
      <dd>
        <code>{link.linkNo}</code>
      </dd>
      <dt>{say('links.made')}</dt>
      <dd>
        <Moment frame={frame} at={link.createdAt} />
      </dd>
    </dl>
  );
}
