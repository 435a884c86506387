// Every number that a person feels, with its reason. Sources: docs/hovercard.md.

/** Rest before a card opens: passing by opens nothing, yet sooner than the usual 500. */
export const OPEN_MS = 400;

/** A pointer this still has arrived: fetch now, 300 ms before the answer is needed. */
export const REST_MS = 100;

/** Time to cross the gap from link to card, also diagonally. */
export const GRACE_MS = 250;

/** So long after a card closed, the next name needs only REST_MS: the reader is browsing. */
export const WARM_MS = 400;

/** A skeleton once shown stays as long as an eye needs to make sense of it: no flash. */
export const SKELETON_MS = 200;

/** A finger that holds a link; the systems' own long press is 400 to 500. */
export const PRESS_MS = 500;

/** A finger trembles; beyond this it drags. */
export const PRESS_SLOP_PX = 10;

/** Movement so soon after scrolling belongs to the scrolling hand. */
export const SCROLL_MS = 100;

/** Space between card and link, and between card and edge of the view. */
export const MARGIN_PX = 8;

/** Answers younger than this are shown without asking again. */
export const FRESH_MS = 60_000;

/** People kept in the page; about 100 KB. */
export const KEPT_CARDS = 100;

/** A request this slow has failed. */
export const TIMEOUT_MS = 5000;

/** Wait after a 429 or 503 that does not say how long. */
export const RETRY_MS = 5000;
