import { deskLocaleOf } from '../../core/locale.ts';
import type { Person } from '../../core/person.ts';
import type { Deps } from '../../deps.ts';
import { speakDesk } from '../../pages/admin/texts.ts';
import type { Session } from '../../people/sessions.ts';
import { readCookie } from './cookies.ts';
import type { DeskArea, Guest, Visit } from './desk.ts';
import type { createGuests } from './guests.ts';
import { NOTICE_COOKIE, readNotice } from './notices.ts';
import { completeView, readView, VIEW_COOKIE } from './view.ts';

/** Somebody at the door: signed in or not. */
export type Caller = Visit | Guest;

interface Parts {
  readonly deps: Deps;
  readonly areas: readonly DeskArea[];
  readonly guests: ReturnType<typeof createGuests>;
  readonly addressOf: (request: Request) => string;
}

/** Who is here and what he looks at, made of a request. */
export function createCallers({ deps, areas, guests, addressOf }: Parts) {
  const { store, config, clock } = deps;

  const frameOf = (request: Request, person: Person | null) => {
    const kept = readView(readCookie(request, VIEW_COOKIE));
    const locale = kept.locale ?? person?.locale ?? deskLocaleOf(config.locale);
    const say = speakDesk(locale);
    const url = new URL(request.url);
    const frame = {
      ...{ locale, say, url, request },
      timezone: config.timezone,
      now: clock.now(),
      address: url.pathname + url.search,
      notice: readNotice(say, readCookie(request, NOTICE_COOKIE)),
      from: addressOf(request),
    };
    return { frame, kept };
  };

  return {
    async visitOf(request: Request, session: Session): Promise<Visit> {
      const { frame, kept } = frameOf(request, session.person);
      const projects = await store.listProjects();
      const view = completeView(kept, projects);
      const badges = await Promise.all(areas.map((area) => area.badges?.(view) ?? {}));
      return {
        ...frame,
        ...{ session, person: session.person, csrf: session.csrf, view, projects },
        badges: Object.assign({}, ...badges),
      };
    },

    /** `cookie` is to be set when the browser has none yet: its forms are bound to it. */
    guestOf(request: Request): { readonly guest: Guest; readonly cookie: string | null } {
      const { frame, kept } = frameOf(request, null);
      const { csrf, cookie } = guests.mark(request);
      const view = completeView(kept, []);
      return { guest: { ...frame, person: null, csrf, view, projects: [], badges: {} }, cookie };
    },
  };
}

export type Callers = ReturnType<typeof createCallers>;
