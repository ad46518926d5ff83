/** Registers Earmark's elements. Loading it twice does no harm. */
import { CurveLaneElement } from './curve-lane/curve-lane.js';
import { define } from './define.js';
import { HitListElement } from './hit-list/hit-list.js';
import { LaneHeaderElement } from './lane-header/lane-header.js';
import { NoticesElement } from './notices/notices.js';
import { OverlayElement } from './overlay/overlay.js';
import { PanelElement } from './panel/panel.js';
import { ProgressElement } from './progress/progress.js';
import { RulerElement } from './ruler/ruler.js';
import { SearchFieldElement } from './search-field/search-field.js';
import { StatusElement } from './status/status.js';
import { TimelineElement } from './timeline/timeline.js';
import { TransportElement } from './transport/transport.js';
import { WeakCandidatesElement } from './weak-candidates/weak-candidates.js';

define('earmark-curve-lane', CurveLaneElement);
define('earmark-hit-list', HitListElement);
define('earmark-lane-header', LaneHeaderElement);
define('earmark-notices', NoticesElement);
define('earmark-overlay', OverlayElement);
define('earmark-progress', ProgressElement);
define('earmark-ruler', RulerElement);
define('earmark-search-field', SearchFieldElement);
define('earmark-status', StatusElement);
define('earmark-timeline', TimelineElement);
define('earmark-transport', TransportElement);
define('earmark-weak-candidates', WeakCandidatesElement);
define('earmark-panel', PanelElement);

export {
  CurveLaneElement,
  HitListElement,
  LaneHeaderElement,
  NoticesElement,
  OverlayElement,
  PanelElement,
  ProgressElement,
  RulerElement,
  SearchFieldElement,
  StatusElement,
  TimelineElement,
  TransportElement,
  WeakCandidatesElement,
};
export type { HitOrder, SortKey } from './hit-list/hit-order.js';
export { setStrings, type Strings } from './strings.js';
