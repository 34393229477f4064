import type { KeyKind } from '../../core/payment.ts';
import type { Right } from '../../core/person.ts';
import type { Frame, PageName, Problem, Shown } from '../../pages/admin/frame.ts';
import type { DeskText } from '../../pages/admin/texts.ts';
import type { Values } from '../../pages/text.ts';
import type { Session } from '../../people/sessions.ts';
import type { ProjectSummary } from '../../store/queries/projects.ts';
import type { Form } from './form.ts';

/**
 * What the desk is made of: pages and actions as data, by area. From it come the routes, who may do what, and the tests
 * that walk them all. An area has no rule of its own: it reads the form, calls a use case, and names the page to go to.
 */
export interface DeskArea {
  readonly pages: readonly DeskPage[];
  readonly actions: readonly DeskAction[];
  /** Before signing in. */
  readonly open?: {
    readonly pages: readonly OpenPage[];
    readonly actions: readonly OpenAction[];
  };
  /** Numbers beside the names of pages; asked for every page, so they have to be cheap. */
  readonly badges?: (view: Frame['view']) => Promise<Frame['badges']>;
}

/** Who is here, and what is in view. */
export interface Visit extends Frame {
  readonly request: Request;
  readonly url: URL;
  readonly session: Session;
  readonly person: Session['person'];
  readonly projects: readonly ProjectSummary[];
  /** The client's, for what is written down. */
  readonly from: string;
}

/** Somebody who is not signed in. */
export interface Guest extends Frame {
  readonly request: Request;
  readonly url: URL;
  readonly person: null;
  readonly from: string;
}

export type Params = Readonly<Record<string, string>>;

export interface DeskPage {
  /** `/admin/payments/:paymentNo` */
  readonly path: string;
  readonly page: PageName;
  readonly right: Right;
  /** Null: there is no such thing, a 404. A response of its own, for what is downloaded. */
  readonly show: (visit: Visit, params: Params) => Promise<Shown | Response | null>;
}

export interface DeskAction {
  readonly path: string;
  /** `data-action` of its forms, and what the audit calls it. */
  readonly action: string;
  /** The page it belongs to. */
  readonly page: PageName;
  readonly right: Right;
  /** Its use case writes the audit, since how often it may be tried is limited in there; its notes are not looked at. */
  readonly auditsItself?: true;
  readonly run: (visit: Visit, form: Form, params: Params) => Promise<Done>;
  /** The page to show again when `run` throws a PayCoreError; without it a page of its own says what went wrong. */
  readonly again?: (visit: Visit, problem: Problem, params: Params, form: Form) => Promise<Shown | null>;
}

export interface OpenPage extends Omit<DeskPage, 'right' | 'show'> {
  readonly show: (guest: Guest, params: Params) => Promise<Shown | Response | null>;
}

export interface OpenAction extends Omit<DeskAction, 'right' | 'run' | 'again'> {
  readonly run: (guest: Guest, form: Form, params: Params) => Promise<Done>;
  readonly again?: (guest: Guest, problem: Problem, params: Params, form: Form) => Promise<Shown | null>;
}

/** What the audit writes of a change. Never a secret in it. */
export interface AuditNote {
  /** A payment's number, a project's name … */
  readonly about: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

/** Where to go after an action; the page there says the notice once. */
export interface Moved {
  readonly to: string;
  readonly notice?: DeskText;
  readonly values?: Values;
  readonly audit: AuditNote;
  readonly cookies?: readonly string[];
}

/** The answer is a page itself: what was made is shown once. */
export interface Answered {
  readonly shown: Shown;
  readonly audit: AuditNote;
  readonly cookies?: readonly string[];
}

export type Done = Moved | Answered;

export type { DeskText, Form, Frame, KeyKind, PageName, Problem, Shown };
