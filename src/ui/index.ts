/** Registers Earmark's elements. Loading it twice does no harm. */
import { CurveLaneElement } from './curve-lane/curve-lane.js';
import { define } from './define.js';
import { LaneHeaderElement } from './lane-header/lane-header.js';
import { NoticesElement } from './notices/notices.js';
import { PanelElement } from './panel/panel.js';
import { ProgressElement } from './progress/progress.js';
import { RulerElement } from './ruler/ruler.js';
import { SearchFieldElement } from './search-field/search-field.js';
import { StatusElement } from './status/status.js';
import { TimelineElement } from './timeline/timeline.js';
import { TransportElement } from './transport/transport.js';

define('earmark-curve-lane', CurveLaneElement);
define('earmark-lane-header', LaneHeaderElement);
define('earmark-notices', NoticesElement);
define('earmark-progress', ProgressElement);
define('earmark-ruler', RulerElement);
define('earmark-search-field', SearchFieldElement);
define('earmark-status', StatusElement);
define('earmark-timeline', TimelineElement);
define('earmark-transport', TransportElement);
define('earmark-panel', PanelElement);
// Not waited for: there are no hits yet, and elements become what they are when their code arrives.
void import('./with-hits.js');

export {
  CurveLaneElement,
  LaneHeaderElement,
  NoticesElement,
  PanelElement,
  ProgressElement,
  RulerElement,
  SearchFieldElement,
  StatusElement,
  TimelineElement,
  TransportElement,
};
export type { HitListElement } from './hit-list/hit-list.js';
export type { HitOrder, SortKey } from './hit-list/hit-order.js';
export type { OverlayElement } from './overlay/overlay.js';
export { setStrings, type Strings } from './strings.js';
export type { RegionVerbsElement } from './tools/region-verbs/region-verbs.js';
export type { ToolsElement } from './tools/tools.js';
export type { WeakCandidatesElement } from './weak-candidates/weak-candidates.js';
