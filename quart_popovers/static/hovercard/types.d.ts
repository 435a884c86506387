// The types that the modules share, for the reader and the type checker. Not loaded by browsers.

/** How a card was asked for. */
export type By = "pointer" | "focus" | "touch";

/** The link that a card is about to open for. */
export interface Armed {
  trigger: HTMLElement;
  by: By;
  /** A card is open or has just closed: no full delay, no animation. */
  warm: boolean;
  restAt: number;
  openAt: number;
  wished: boolean;
  answered: boolean;
  retryAt: number;
}

/** The link whose card is open. */
export interface Shown {
  trigger: HTMLElement;
  by: By;
  animated: boolean;
  since: number;
  /** Answers so far, and how many of them the card shows; 0 is a skeleton. */
  answers: number;
  filled: number;
  /** How often the request was repeated. */
  tries: number;
  retryAt: number;
}

export type Stage = "idle" | "arming" | "changing" | "open" | "closing";

/** Times are milliseconds on the page's clock; Infinity is never. */
export interface State {
  stage: Stage;
  armed: Armed | null;
  shown: Shown | null;
  graceAt: number;
  warmUntil: number;
  /** A link that was pressed or dismissed, until it is left. */
  suppressed: HTMLElement | null;
  /** Whether to fetch before the card opens (not under Save-Data). */
  early: boolean;
}

export interface Event {
  type:
    | "moved" | "focused" | "pressed" | "asked" | "returned" | "left" | "blurred" | "released"
    | "scrolled" | "answered" | "retried" | "refreshed" | "dismissed" | "time";
  at: number;
  trigger?: HTMLElement | null;
  by?: By;
  /** Focus, a selection, a menu or the pointer still holds the card open. */
  held?: boolean;
  retryMs?: number;
  /** The answer was in the cache. */
  isKept?: boolean;
}

/** A request to start or to stop. */
export interface Wish {
  trigger: HTMLElement;
  isOver: boolean;
}

export type Reason = "gone" | "signedOut" | "busy" | "offline" | "late" | "failed";

export type Answer =
  | { reason: null; html: string; etag: string | null; retryMs?: undefined }
  | { reason: Reason; retryMs?: number };

/** One address in the cache. */
export interface Entry {
  url: string;
  listeners: Set<(answer: Answer) => void>;
  card: (Answer & { reason: null }) | null;
  at: number;
  loading: AbortController | null;
}

export interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Size {
  width: number;
  height: number;
}

/** "after" is where the text goes on from the link: right of it in a left-to-right page. */
export type Side = "below" | "above" | "after" | "before";

/** A place for the corner of the card, and whether it is clear of the link there. */
export interface Spot {
  side: Side;
  x: number;
  y: number;
  fits: boolean;
}

export interface Point {
  x: number;
  y: number;
}

/** Where the pointer last moved, and whether it came to the link from above. */
export interface Path {
  point: Point;
  isDownwards: boolean;
}

/** What the modules that listen to the page need. */
export interface Wiring {
  card: HTMLElement;
  state: () => State;
  send: (type: Event["type"], detail?: Partial<Event>) => void;
}
