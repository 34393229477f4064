import { hasRight } from '../../core/person.ts';
import type { ProjectSummary } from '../../store/queries/projects.ts';
import { cleanText } from '../safe.ts';
import type { Frame, Problem } from './frame.ts';
import { ActionForm, FormProblem, TextField } from './parts/form.tsx';
import { Empty, Table } from './parts/table.tsx';
import { When } from './parts/when.tsx';

export function ProjectsPage(props: {
  readonly frame: Frame;
  readonly projects: readonly ProjectSummary[];
  readonly problem: Problem | null;
}) {
  const { frame, projects, problem } = props;
  const { say } = frame;
  return (
    <>
      <h1>{say('page.projects')}</h1>
      {projects.length === 0 ? (
        <Empty message={say('projects.empty')} />
      ) : (
        <Table
          label={say('page.projects')}
          rows={projects}
          keyOf={({ id }) => id}
          hrefOf={({ id }) => `/admin/projects/${id}`}
          columns={[
            {
              name: 'name',
              label: say('projects.name'),
              cell: ({ name }) => <bdi>{cleanText(name)}</bdi>,
              phone: 'first',
              isLong: true,
            },
            {
              name: 'keys',
              label: say('projects.keys'),
              cell: ({ liveKeys, testKeys }) => say('projects.count', { live: liveKeys, test: testKeys }),
              phone: 'second',
            },
            {
              name: 'since',
              label: say('projects.since'),
              cell: ({ createdAt }) => <When frame={frame} at={createdAt} />,
              phone: 'second-end',
            },
          ]}
        />
      )}
      {frame.person && hasRight(frame.person, 'owner') && (
        <section class="card">
          <h2>{say('projects.new')}</h2>
          <ActionForm frame={frame} name="create-project" action="/admin/projects">
            <FormProblem problem={problem} />
            <TextField
              name="name"
              label={say('projects.name')}
              help={say('projects.help')}
              problem={problem}
              required
              maxLength={100}
              autocomplete="off"
            />
            <div class="actions">
              <button type="submit" class="button">
                {say('projects.create')}
              </button>
            </div>
          </ActionForm>
        </section>
      )}
    </>
  );
}
