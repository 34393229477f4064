import type { Frame } from '../frame.ts';

/**
 * The list as a file for a spreadsheet, or, where `books` says for which days, what was paid in them. Forms, so that no
 * script is needed; what the list is narrowed to goes along.
 */
export function ExportPanel(props: {
  readonly frame: Pick<Frame, 'say' | 'address'>;
  /** Path of the file. */
  readonly action: string;
  readonly books?: { readonly from: string; readonly to: string };
}) {
  const { frame, action, books } = props;
  const { say, address } = frame;
  const asked = [...new URL(address, 'http://desk').searchParams].filter(([name, value]) => name !== 'cursor' && value);
  return (
    <details class="pick export">
      <summary>{say('export.open')}</summary>
      <div class="menu">
        <form method="get" action={action} data-export="list">
          {asked.map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <p class="export-title">{say('export.list')}</p>
          <p class="help">{say('export.list.help')}</p>
          <Names say={say} />
          <button type="submit" class="button">
            {say('export.get')}
          </button>
        </form>
        {books && (
          <form method="get" action={action} data-export="books">
            <input type="hidden" name="sheet" value="books" />
            <p class="export-title">{say('export.books')}</p>
            <p class="help">{say('export.books.help')}</p>
            <div class="export-days">
              <Day name="from" label={say('list.from')} value={books.from} />
              <Day name="to" label={say('list.to')} value={books.to} />
            </div>
            <Names say={say} />
            <button type="submit" class="button">
              {say('export.get')}
            </button>
          </form>
        )}
      </div>
    </details>
  );
}

function Day({ name, label, value }: { readonly name: string; readonly label: string; readonly value: string }) {
  return (
    <label class="field">
      <span>{label}</span>
      <input type="date" name={name} value={value} required />
    </label>
  );
}

function Names({ say }: { readonly say: Frame['say'] }) {
  return (
    <label class="check">
      <input type="checkbox" name="names" value="en" />
      <span>{say('export.names')}</span>
    </label>
  );
}

/** Another one is being written: this person's own, or those of others. */
export function ExportRefused({
  frame,
  taken,
}: {
  readonly frame: Pick<Frame, 'say'>;
  readonly taken: 'own' | 'full';
}) {
  const { say } = frame;
  return (
    <section class="problem">
      <h1>{say('export.busy')}</h1>
      <p>{say(`export.busy.${taken}`)}</p>
      <p>
        <a class="button" href="/admin/payments">
          {say('frame.back')}
        </a>
      </p>
    </section>
  );
}
