/**
 * Puts the card beside its link: by CSS anchor where that works, by rectangles elsewhere.
 * @import { Point, Rectangle } from "./types"
 */
import { MARGIN_PX } from "./timing.js";

/** @type {(value: number, most: number) => number} */
const within = (value, most) => Math.max(MARGIN_PX, Math.min(value, most - MARGIN_PX));

/**
 * Below the link, else above, else at its end or start; always whole within the view.
 * @param {Rectangle} link
 * @param {{ width: number, height: number }} card
 * @param {{ width: number, height: number }} view
 * @param {boolean} isRtl
 * @returns {Point}
 */
export const beside = (link, card, view, isRtl) => {
  const below = link.bottom + MARGIN_PX;
  const above = link.top - MARGIN_PX - card.height;
  const after = link.right + MARGIN_PX;
  const before = link.left - MARGIN_PX - card.width;
  const fitsBelow = below + card.height + MARGIN_PX <= view.height;
  const fitsAfter = after + card.width + MARGIN_PX <= view.width;
  const isAside = !fitsBelow && above < MARGIN_PX && (fitsAfter || before >= MARGIN_PX);
  const x = isAside ? (fitsAfter ? after : before) : isRtl ? link.right - card.width : link.left;
  const y = isAside ? link.top : fitsBelow ? below : above;
  return {
    x: within(x, view.width - card.width),
    y: within(y, view.height - card.height),
  };
};

/** @type {(link: Rectangle, point: Point) => boolean} */
const contains = ({ left, top, right, bottom }, { x, y }) =>
  x >= left && x <= right && y >= top && y <= bottom;

/**
 * Whether CSS has put the card where it belongs.
 * @type {(card: Rectangle, link: Rectangle) => boolean}
 */
const isBeside = (card, link) => {
  const { clientWidth, clientHeight } = document.documentElement;
  const x = Math.max(card.left - link.right, link.left - card.right);
  const y = Math.max(card.top - link.bottom, link.top - card.bottom);
  const room = Math.min(card.left, card.top, clientWidth - card.right, clientHeight - card.bottom);
  return room >= MARGIN_PX && Math.abs(Math.max(x, y) - MARGIN_PX) < 1;
};

/**
 * Place an open card; the function returned ends its following. Of a link that wraps, the
 * fragment under the pointer is the anchor, which CSS cannot say.
 * @param {HTMLElement} card
 * @param {HTMLElement} trigger
 * @param {Point} point
 */
export const place = (card, trigger, point) => {
  const fragments = [...trigger.getClientRects()];
  const index = Math.max(0, fragments.findIndex((fragment) => contains(fragment, point)));
  // A dialog may close around the card, over whose position-try WebKit 2.50 then loops for ever.
  const isByCss = fragments.length === 1 && !trigger.closest("dialog")
    && isBeside(card.getBoundingClientRect(), fragments[0]);
  if (isByCss) return () => {};

  card.dataset.placed = "";
  const isRtl = getComputedStyle(trigger).direction === "rtl";
  const follow = () => {
    const link = trigger.getClientRects()[index];
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const size = card.getBoundingClientRect();
    const { x, y } = link ? beside(link, size, { width, height }, isRtl) : point;
    card.style.setProperty("left", `${x}px`);
    card.style.setProperty("top", `${y}px`);
  };
  follow();
  const ended = new AbortController();
  const { signal } = ended;
  addEventListener("scroll", follow, { capture: true, passive: true, signal });
  addEventListener("resize", follow, { signal });
  return () => {
    ended.abort();
    delete card.dataset.placed;
    card.removeAttribute("style");
  };
};
