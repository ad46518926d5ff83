/** Registers the elements that show hits and act on them; they are loaded after those that a page shows at once. */
import { define } from './define.js';
import { HitListElement } from './hit-list/hit-list.js';
import { OverlayElement } from './overlay/overlay.js';
import { RegionVerbsElement } from './tools/region-verbs/region-verbs.js';
import { ToolsElement } from './tools/tools.js';
import { WeakCandidatesElement } from './weak-candidates/weak-candidates.js';

define('earmark-hit-list', HitListElement);
define('earmark-overlay', OverlayElement);
define('earmark-region-verbs', RegionVerbsElement);
define('earmark-tools', ToolsElement);
define('earmark-weak-candidates', WeakCandidatesElement);
