/** The developer centre works without this. It answers below the box while one types, copies code and keeps a choice. */
import './buttons.js';
import './developers/copy.js';
import './developers/folds.js';
import './developers/places.js';
import './developers/search.js';
import './developers/tabs.js';
