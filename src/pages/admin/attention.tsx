import { hasRight } from '../../core/person.ts';
import type { Frame } from './frame.ts';
import { Pager } from './parts/pager.tsx';
import { Empty } from './parts/table.tsx';
import { TroubleList, type TroubleModel, type TroubleProblem } from './parts/troubles.tsx';

export interface AttentionModel {
  readonly troubles: readonly TroubleModel[];
  readonly nextCursor: string | null;
  readonly nameOf: (gateway: string) => string;
  readonly problem: TroubleProblem | null;
}

export function AttentionPage({ frame, model }: { readonly frame: Frame; readonly model: AttentionModel }) {
  const { say, person } = frame;
  const { troubles, nextCursor, nameOf, problem } = model;
  return (
    <>
      <div class="block">
        <h1>{say('page.attention')}</h1>
        {troubles.length > 0 && person && hasRight(person, 'owner') && (
          <p class="quiet-text">{say('attention.about')}</p>
        )}
      </div>
      {troubles.length === 0 ? (
        <Empty message={say('attention.empty')}>
          <a class="button quiet" href="/admin">
            {say('page.overview')}
          </a>
        </Empty>
      ) : (
        <TroubleList frame={frame} troubles={troubles} nameOf={nameOf} problem={problem} />
      )}
      <Pager frame={frame} next={nextCursor} />
    </>
  );
}
