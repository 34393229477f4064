// A payment link's page: its button says that it was pressed, and takes no second press. The page works without.
import './buttons.js';
