// Keeps a payer's page fresh. The page is complete without it, so every part may fail alone.
const HOUR = 3600e3;
let main = document.querySelector('main[data-status-url]');
const find = (selector) => main.querySelector(selector);
const live = document.querySelector('[data-live]');

// True once per tab and payment. Without storage never: what must not happen twice then does not happen at all.
const once = (what, mark = true) => {
  try {
    const key = `paycore:${main.dataset.paymentNo}:${what}`;
    if (sessionStorage.getItem(key)) return false;
    if (mark) sessionStorage.setItem(key, '1');
    return true;
  } catch {
    return false;
  }
};

// --- Deadline. The phone's clock may be wrong; only its distance to the server's counts.
let ahead = 0;
const countDown = () => {
  const pill = find('[data-deadline]');
  const out = pill?.querySelector('[data-template]');
  if (!out) return;
  const left = pill.dataset.deadline - (Date.now() - ahead);
  pill.classList.toggle('soon', left < HOUR);
  const text = left > 0 ? out.dataset.template.replace('{time}', timeLeft(left)) : '';
  if (out.textContent !== text) out.textContent = text;
};
const timeLeft = (left) => {
  if (left < HOUR) return new Date(left).toISOString().slice(14, 19);
  const [unit, size] = left < 48 * HOUR ? ['hour', HOUR] : ['day', 24 * HOUR];
  const style = { style: 'unit', unit, unitDisplay: 'long' };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(Math.floor(left / size));
};

// --- Codes: modules of whole device pixels, as many as fit. Paper has its own size (see the style sheet).
let paper = false;
const QR_SIDE = 320;
const widthOf = (svg) => svg.viewBox.baseVal.width;
const fit = (room, modules) => {
  const ratio = devicePixelRatio || 1;
  return Math.max(1, Math.floor((room * ratio) / modules)) / ratio;
};
const sizeCodes = () => {
  const bars = [...main.querySelectorAll('[data-barcode] svg')];
  const size = bars.length && !paper ? fit(find('[data-bars]').clientWidth, Math.max(...bars.map(widthOf))) : 1;
  for (const svg of bars) svg.setAttribute('width', widthOf(svg) * size);
  const qr = find('[data-pay-qr] svg');
  if (!qr) return;
  const side = widthOf(qr) * fit(Math.min(QR_SIDE, find('[data-pay-qr]').clientWidth), widthOf(qr));
  for (const name of ['width', 'height']) qr.setAttribute(name, side);
};

// --- Back to the shop, once; staying, printing and coming back stop it.
let leaving = 0;
const stay = () => {
  clearTimeout(leaving);
  find('[data-leaving]')?.classList.add('off');
};
const leave = () => {
  const link = find('[data-continue]');
  if (!link) return;
  // Marked when it happens: the gateway's script may take the browser to this page once more before that.
  if (!once('left', false)) return find('[data-leaving]')?.remove();
  const go = () => {
    if (document.hidden) leaving = setTimeout(go, 1000);
    else if (once('left')) location.assign(link.href);
  };
  leaving = setTimeout(go, 3000);
};

const settle = () => {
  ahead = Date.now() - main.dataset.now;
  countDown();
  sizeCodes();
  leave();
};

// --- Status
const born = Date.now();
let asked = 0;
let failures = 0;
// insite.js knows that the page is not what it was, also where the revision does not tell.
let stale = false;
let timer = 0;
const pause = () => {
  if (main.dataset.status === 'expired') return 60e3;
  if (document.hidden) return 30e3;
  if (failures) return Math.min(1500 * 2 ** failures, 15e3);
  return Date.now() - born < 600e3 ? 1500 : 5000;
};
const load = async (url) => {
  const answer = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(8000) });
  if (!answer.ok) throw new Error(answer.status);
  return answer;
};
const ask = async () => {
  clearTimeout(timer);
  if (/paid|failed/.test(main.dataset.status)) return;
  // A phone that slept may hold a request that never ends: the latest question counts, older answers are dropped.
  const mine = ++asked;
  try {
    const { revision } = await (await load(main.dataset.statusUrl)).json();
    if (mine !== asked) return;
    if (stale || revision !== main.dataset.revision) {
      const page = await (await load(location.href)).text();
      if (mine !== asked) return;
      swap(new DOMParser().parseFromString(page, 'text/html'));
      if (revision !== main.dataset.revision) throw new Error('changed again');
    }
    failures = 0;
  } catch {
    if (mine !== asked) return;
    failures++;
  }
  timer = setTimeout(ask, pause());
};
const wake = () => {
  if (document.hidden) return;
  clearTimeout(timer);
  timer = setTimeout(ask, 50);
};
const swap = (page) => {
  const next = page.querySelector('main[data-status-url]');
  if (!next) throw new Error('no payment on it');
  const { script, screen } = next.dataset;
  if (script) {
    // What the payer has typed into the gateway's form stays, as long as it is the form of the same order.
    const form = (of) => of.querySelector('[data-pay-element]')?.dataset.settings;
    if (main.dataset.screen === screen && form(main) === form(next) && !stale) {
      main.dataset.revision = next.dataset.revision;
      return;
    }
    // The policy that lets the gateway's script in comes with a document that begins with this screen.
    if (!document.querySelector(`script[src$="/${script}.js"]`)) return location.reload();
  }
  stale = false;
  const height = Math.min(find('[data-block]')?.offsetHeight ?? 0, innerHeight * 0.6);
  const changed = next.dataset.status !== main.dataset.status || next.dataset.screen !== main.dataset.screen;
  const focused = main.contains(document.activeElement);
  main.replaceWith(next);
  main = next;
  document.title = page.title;
  const block = find('[data-block]');
  if (block) block.style.minHeight = `${height}px`;
  const title = find('h1');
  if (focused) title.focus({ preventScroll: true });
  if (changed) {
    live.textContent = title.textContent;
    // From the third barcode the tick at the top would not be seen.
    if (block?.getBoundingClientRect().top < 0) main.scrollIntoView();
  }
  settle();
  document.dispatchEvent(new Event('paycore:main'));
};
document.addEventListener('paycore:stale', () => {
  stale = true;
  ask();
});

// --- Buttons
const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain http has no clipboard.
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
};
const relabel = (button, text) => {
  button.dataset.label = button.textContent;
  button.textContent = live.textContent = text;
};
const restore = (button) => {
  if (!button?.dataset.label) return;
  button.textContent = button.dataset.label;
  button.removeAttribute('data-label');
  live.textContent = '';
};
document.addEventListener('click', async ({ target }) => {
  const button = target.closest('button');
  const { copy: text, stay: stays, print: prints, label } = button?.dataset ?? {};
  if (stays !== undefined) stay();
  if (prints !== undefined) print();
  if (text === undefined || label) return;
  relabel(button, (await copy(text)) ? button.dataset.done : button.dataset.failed);
  setTimeout(restore, 2000, button);
});
// One press, one number at the gateway; pressable again when the way there failed or led back. Of several buttons one is
// pressed, and only the part that names it says so.
const PRESSED = '[data-busy][data-label]';
document.addEventListener('submit', (event) => {
  const { target, submitter } = event;
  if (target.querySelector(PRESSED)) return event.preventDefault();
  const part = submitter?.querySelector('[data-busy]') ?? target.querySelector('button[data-busy]');
  if (!part) return;
  relabel(part, part.dataset.busy);
  setTimeout(restore, 8000, part);
});
addEventListener('pageshow', ({ persisted }) => {
  if (!persisted) return;
  restore(find(PRESSED));
  wake();
});

// A logo that is not to be had leaves its place empty.
const logo = document.querySelector('[data-logo]');
logo?.decode().catch(() => {
  logo.style.visibility = 'hidden';
});

for (const name of ['online', 'focus']) addEventListener(name, wake);
document.addEventListener('visibilitychange', wake);
addEventListener('resize', sizeCodes);
addEventListener('beforeprint', stay);
for (const name of ['beforeprint', 'afterprint']) {
  addEventListener(name, () => {
    paper = name === 'beforeprint';
    sizeCodes();
  });
}

// The address the gateway sent the browser to asks the gateway whenever it is loaded, and may carry more than we need.
const { returned } = main.dataset;
if (returned) history.replaceState(null, '', returned);
// Nothing starts by itself any more, not in another language either.
if (returned !== undefined) once('went');

settle();
setInterval(countDown, 1000);
const [visit] = performance.getEntriesByType('navigation');
const form = find('[data-go="first"]');
if (form && visit?.type === 'navigate' && once('went')) setTimeout(() => form.requestSubmit(), 600);
timer = setTimeout(ask, 1500);
