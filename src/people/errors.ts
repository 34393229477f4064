import { defineErrors } from '../core/errors.ts';

/** What the use cases about people refuse. No route of the API gives these codes. */
export const PEOPLE_ERRORS = defineErrors({
  PERSON_NOT_FOUND: [404, 'There is no such person; see paycore admin list.'],
  PERSON_IS_SELF: [409, 'Nobody can do this to himself. Ask another owner.'],
  LAST_OWNER: [409, 'No owner would be left who can sign in. Make somebody else an owner first.'],
});
