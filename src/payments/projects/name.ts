import { failValidation } from '../../core/errors.ts';
import { checkFields, type Field } from '../../core/fields.ts';
import { PLAIN_LINE } from '../../core/settings.ts';
import type { Deps } from '../../deps.ts';
import type { Project } from '../../store/queries/projects.ts';
import { makeSealedSecret } from './projects.ts';

/** What a project is called: by this name commands find it, and payers read it until the shop has another. */

const NAME_FIELD: Field = {
  name: 'name',
  type: 'string',
  required: true,
  max: 100,
  ...PLAIN_LINE,
  description: 'Name of the project.',
  example: 'My Coffee',
};

type Keeper = Pick<Deps, 'store' | 'vault' | 'random' | 'clock'>;

/** A new project. Throws VALIDATION_FAILED: the name is none, or another project has it. */
export async function createProject(deps: Keeper, name: unknown): Promise<Project> {
  const made = await deps.store.addProject(readName(name), makeSealedSecret(deps), deps.clock.now());
  if (!made) throw refuseTaken();
  return made;
}

/** Keys, payments and addresses stay what they are. Throws VALIDATION_FAILED; gives the name as it is from now on. */
export async function renameProject({ store }: Pick<Deps, 'store'>, projectId: number, name: unknown): Promise<string> {
  const wanted = readName(name);
  if (!(await store.renameProject(projectId, wanted))) throw refuseTaken();
  return wanted;
}

function readName(name: unknown): string {
  const given = typeof name === 'string' ? name.trim() : name;
  const { values, errors } = checkFields({ name: given }, [NAME_FIELD]);
  if (Object.keys(errors).length > 0) throw failValidation(errors);
  return String(values.name);
}

const refuseTaken = () => failValidation({ name: ['The name field is another project’s already. Take another name.'] });
