import { speak, type TextKey } from '../text.ts';
import type { Notice, PageModel } from './model.ts';

const NOTICES: Readonly<Record<Notice, TextKey>> = {
  declined: 'notice.declined',
  cancelled: 'notice.cancelled',
  capture_failed: 'notice.capture_failed',
};

/** What happened at the gateway that the payer came back from. */
export function NoticeLine({ model }: { model: Pick<PageModel, 'notice' | 'gateway' | 'locale'> }) {
  const { notice, gateway, locale } = model;
  if (notice === null) return null;
  return (
    <p class="notice" role="status" data-notice={notice}>
      {speak(locale)(NOTICES[notice], { gateway })}
    </p>
  );
}
