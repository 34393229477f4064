import type { BuyerField } from '../../core/payer.ts';
import { speak, type TextKey } from '../text.ts';
import { StartForm } from './buttons.tsx';
import { Field, type FieldInput } from './field.tsx';
import type { Asked, PageModel } from './model.ts';
import { NoticeLine } from './notice.tsx';

interface Look {
  readonly label: TextKey;
  /** Why it is asked. */
  readonly hint: TextKey;
  readonly problem: TextKey;
  readonly input: FieldInput;
}

const PHONE = {
  hint: 'ask.phone.hint',
  problem: 'ask.phone.problem',
  input: { type: 'tel', inputMode: 'tel', autoComplete: 'tel' },
} as const;

/** How each thing is asked that a gateway may want to know of the payer. */
const LOOKS: Readonly<Record<BuyerField, Look>> = {
  buyer_name: {
    label: 'link.name',
    hint: 'ask.name.hint',
    problem: 'ask.name.problem',
    input: { type: 'text', autoComplete: 'name' },
  },
  buyer_email: {
    label: 'link.email',
    hint: 'ask.email',
    problem: 'link.problem.email',
    input: { type: 'email', inputMode: 'email', autoComplete: 'email', autoCapitalize: 'none' },
  },
  buyer_mobile: { ...PHONE, label: 'ask.mobile' },
  buyer_phone: { ...PHONE, label: 'ask.phone' },
  buyer_tel: { ...PHONE, label: 'ask.phone' },
};

/** What the gateway wants to know first. Nothing starts by itself here. */
export function AskScreen({ model, asks }: { model: PageModel; asks: readonly Asked[] }) {
  const { gateway, locale } = model;
  const say = speak(locale);
  const firstWrong = asks.find(({ isWrong }) => isWrong)?.field;
  return (
    <>
      <NoticeLine model={model} />
      <section class="block" data-block data-asks={asks.map(({ field }) => field).join(' ')}>
        <StartForm model={model} label={say('go.on')} busy={say('insite.loading')}>
          {asks.map(({ field, value, isWrong }) => {
            const { label, hint, problem, input } = LOOKS[field];
            return (
              <Field
                key={field}
                name={field}
                value={value}
                focus={field === firstWrong}
                say={say}
                label={say(label)}
                isRequired
                hint={say(hint, { gateway })}
                problem={isWrong ? say(problem) : undefined}
                input={input}
              />
            );
          })}
        </StartForm>
      </section>
    </>
  );
}
