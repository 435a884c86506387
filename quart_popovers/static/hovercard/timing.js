// Every number that a person can notice, with its reason. Sources: docs/hovercard.md.

/** Delay before a card opens. Less than the usual 500, and passing over a name opens nothing. */
export const OPEN_MS = 400;

/** A pointer that stays still so long has arrived: fetch, 300 ms before the answer is needed. */
export const REST_MS = 100;

/** Time to move from the link to the card, also diagonally. */
export const GRACE_MS = 250;

/** After a card has closed, the next one opens after REST_MS for this time. */
export const WARM_MS = 400;

/** A skeleton stays at least so long: less looks like a flash. */
export const SKELETON_MS = 200;

/** A long press; operating systems use 400 to 500. */
export const PRESS_MS = 500;

/** A finger that moves further drags. */
export const PRESS_SLOP_PX = 10;

/** Movement so soon after scrolling belongs to scrolling. */
export const SCROLL_MS = 100;

/** Space between card and link, and between card and edge of the view. */
export const MARGIN_PX = 8;

/** Younger answers are shown without asking again. */
export const FRESH_MS = 60_000;

/** Cards kept in memory; about 100 KB. */
export const KEPT_CARDS = 100;

/** A request that takes longer has failed. */
export const TIMEOUT_MS = 5000;

/** Wait after a 429 or 503 without Retry-After. */
export const RETRY_MS = 5000;
