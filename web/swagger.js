// Swagger UI as this page needs it: quick, asking no other host, and with a key that stays as long as the tab.

/** @typedef {import('./types').SwaggerUi} Ui */
/** @typedef {import('./types').SwaggerMap} Kept */
/** @typedef {import('./types').SwaggerProps} Props */

// It brings a dark look, but follows only its own switch.
const dark = matchMedia('(prefers-color-scheme: dark)');
const followSystem = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
// Safari 13 has only the older way of listening.
if (dark.addEventListener) dark.addEventListener('change', followSystem);
followSystem();

// The key is kept in the tab alone, until it is closed. Where nothing may be kept it is asked for after each reload.

const SCHEME = 'X-API-KEY';
const KEPT = 'paycore.swagger.key';

/** @param {unknown} key */
function keepKey(key) {
  try {
    if (typeof key === 'string' && key !== '') sessionStorage.setItem(KEPT, key);
    else sessionStorage.removeItem(KEPT);
  } catch {
    // Nothing can be kept here.
  }
}

function readKey() {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

// Its own resolver makes a model of the whole document before anything is shown, and again for each operation that is
// opened: a second of work. Ours refers to itself alone, and its references can be followed.

/**
 * @param {unknown} root
 * @param {readonly string[]} path
 * @returns {unknown}
 */
function readAt(root, path) {
  return path.reduce((at, name) => Object(at)[name], root);
}

/**
 * @param {unknown} node
 * @param {object} root
 * @param {readonly string[]} within references that led here: what holds itself is only referred to where it comes again
 * @returns {unknown}
 */
function inline(node, root, within) {
  if (Array.isArray(node)) return node.map((one) => inline(one, root, within));
  if (typeof node !== 'object' || node === null) return node;
  const target = readAt(node, ['$ref']);
  if (typeof target !== 'string') {
    return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, inline(value, root, within)]));
  }
  if (!target.startsWith('#/') || within.includes(target)) return node;
  const names = target.slice(2).split('/');
  const path = names.map((name) => decodeURIComponent(name).replace(/~1/g, '/').replace(/~0/g, '~'));
  return inline(readAt(root, path), root, [...within, target]);
}

// Its filter looks at the names of groups alone. People look for what an operation is called, where it is, what it does.

/**
 * @param {{map(change: (group: Kept) => Kept): {filter(test: (group: Kept) => boolean): unknown}}} groups
 * @param {string} phrase
 */
function findOperations(groups, phrase) {
  const words = phrase.toLowerCase().split(/\s+/).filter(Boolean);
  /** @param {Kept} one */
  const holds = (one) => {
    const said = ['tags', 'summary', 'description', 'operationId'].map((name) => one.getIn(['operation', name]));
    const text = [one.get('path'), ...said].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups
    .map((group) => group.set('operations', group.get('operations').filter(holds)))
    .filter((group) => group.get('operations').size > 0);
}

// Names that are read aloud, for what has none.

/**
 * @param {(props: Props) => string} name
 * @param {(props: Props) => boolean} isMeant
 */
function label(name, isMeant = () => true) {
  return (/** @type {unknown} */ original, /** @type {Ui} */ { React }) =>
    (/** @type {Props} */ props) => {
      const element = React.createElement(original, props);
      if (!isMeant(props)) return element;
      const text = React.createElement('span', { className: 'unseen' }, name(props));
      return React.createElement('label', null, text, element);
    };
}

/**
 * For what its own markup names nowhere and no property of its reaches.
 *
 * @param {string} selector
 * @param {(props: Props) => string} name
 */
function nameInside(selector, name) {
  return (/** @type {unknown} */ original, /** @type {Ui} */ { React }) =>
    (/** @type {Props} */ props) => {
      const put = (/** @type {Element | null} */ place) => {
        for (const one of place?.querySelectorAll(selector) ?? []) one.setAttribute('aria-label', name(props));
      };
      return React.createElement('div', { ref: put }, React.createElement(original, props));
    };
}

/**
 * A part of the page that one can go to.
 *
 * @param {string} name
 */
function area(name) {
  return (/** @type {unknown} */ original, /** @type {Ui} */ { React }) =>
    (/** @type {Props} */ props) =>
      React.createElement('section', { className: 'area', 'aria-label': name }, React.createElement(original, props));
}

/** @param {Props} props */
const nameOf = ({ description }) => String(description || 'Value');

/** Groups that are open at first: to draw every operation takes twice as long, and most people ask for a payment. */
const OPEN = ['Checkout', 'Payments'];

const plugin = (/** @type {Ui} */ { React }) => ({
  fn: {
    opsFilter: findOperations,
    resolveSubtree: async (/** @type {object} */ root, /** @type {string[]} */ path) => ({
      spec: inline(readAt(root, path), root, []),
      errors: [],
    }),
  },
  components: {
    // Its own is a link within a button; what is opened stands in the address all the same.
    DeepLink: (/** @type {Props} */ { text }) => text,
    PlainTextViewer: (/** @type {Props} */ { className, children }) =>
      React.createElement('pre', { className: `microlight ${className ?? ''}`, tabIndex: 0 }, children),
  },
  wrapComponents: {
    InfoContainer: area('About this API'),
    ServersContainer: area('Server'),
    AuthorizeBtnContainer: area('Key'),
    FilterContainer: area('Search'),
    Servers: nameInside('select', () => 'Server'),
    responses: nameInside('table[role="region"]', ({ path, method }) => `Responses of ${method} ${path}`),
    operations: (/** @type {unknown} */ original) => (/** @type {Props} */ props) =>
      React.createElement(
        'div',
        null,
        React.createElement('h2', { className: 'unseen' }, 'Operations'),
        React.createElement(original, props),
      ),
    ExamplesSelect: label(() => 'Example'),
    JsonSchema_string: label(nameOf, ({ schema }) => Boolean(schema?.get('enum'))),
    JsonSchema_boolean: label(nameOf),
  },
  statePlugins: {
    spec: {
      wrapActions: {
        // It would read the document as YAML.
        parseToJson:
          (/** @type {unknown} */ _, /** @type {Ui} */ { specActions }) =>
          (/** @type {string} */ text) =>
            specActions.updateJsonSpec(JSON.parse(text)),
      },
    },
    layout: {
      wrapSelectors: {
        // Groups in which something was found are open, and those that most people come for.
        isShown:
          (/** @type {Function} */ original, /** @type {Ui} */ { layoutSelectors }) =>
          (/** @type {unknown} */ _, /** @type {string[]} */ thing, /** @type {boolean} */ usual) => {
            if (thing[0] !== 'operations-tag') return original(thing, usual);
            const isSearched = typeof layoutSelectors.currentFilter() === 'string';
            return isSearched || original(thing, OPEN.includes(thing[1] ?? ''));
          },
      },
    },
    auth: {
      wrapActions: {
        persistAuthorizationIfNeeded:
          (/** @type {unknown} */ _, /** @type {Ui} */ { authSelectors }) =>
          () =>
            keepKey(authSelectors.authorized()?.getIn([SCHEME, 'value'])),
      },
    },
  },
});

const place = document.querySelector('#swagger-ui');

/**
 * Without groups that hold no operation: notifications have a place of their own below.
 *
 * @param {import('./types').ShownDocument} document
 */
function listGroups({ tags, paths }) {
  const operations = Object.values(paths).flatMap((item) => Object.values(item));
  return tags.filter(({ name }) => operations.some((one) => one.tags.includes(name)));
}

/**
 * It is drawn once, when all is there: each step of its own way to the document would draw the page anew.
 *
 * @param {import('./types').ShownDocument} document
 */
function show(document) {
  const { servers } = document;
  // The page may call no host but its own: at another name of it, that is the one to try first.
  const isOwn = servers[0] !== undefined && new URL(servers[0].url, location.href).origin === location.origin;
  const ui = window.SwaggerUIBundle({
    spec: { ...document, tags: listGroups(document), servers: isOwn ? servers : [...servers].reverse() },
    dom_id: null,
    plugins: [plugin],
    filter: true,
    deepLinking: true,
    // By default the UI would send the document's address to a validator on another host.
    validatorUrl: null,
    docExpansion: 'none',
    // What requests and answers are made of is shown with them, not once more in a list of its own.
    defaultModelsExpandDepth: -1,
    syntaxHighlight: false,
    displayRequestDuration: true,
  });
  ui.specActions.updateUrl('/swagger/json');
  const key = readKey();
  if (key !== null) ui.preauthorizeApiKey(SCHEME, key);
  ui.render(place, 'App');
}

async function start() {
  const answer = await fetch('/swagger/json');
  if (!answer.ok) throw new Error(`/swagger/json answered ${answer.status}, expected 200; load the page again`);
  show(await answer.json());
}

start().catch((error) => {
  if (place) place.textContent = String(error);
});
