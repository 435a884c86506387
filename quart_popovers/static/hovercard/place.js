/**
 * Places the card beside its link. Which side is best depends on what the card would cover, which
 * CSS anchor positioning cannot ask.
 * @import { Path, Point, Rectangle, Side, Size, Spot } from "./types"
 */
import { MARGIN_PX } from "./timing.js";
import { TRIGGER } from "./trigger.js";

/** @type {(value: number, least: number, most: number) => number} */
const clamp = (value, least, most) => Math.max(least, Math.min(value, most));

/** @type {(rectangle: Rectangle, point: Point) => boolean} */
const contains = ({ left, top, right, bottom }, { x, y }) =>
  x >= left && x <= right && y >= top && y <= bottom;

/**
 * Where the card goes: the first side where it fits and leaves the way to every other trigger free.
 * If there is none, the side that the pointer came from, so that it can move on.
 * @param {Rectangle} link
 * @param {Size} card
 * @param {Size} view
 * @param {Rectangle[]} others
 * @param {{ isRtl: boolean, isDownwards: boolean, chosen?: Side }} preferences
 * @returns {Spot}
 */
export const beside = (link, card, view, others, { isRtl, isDownwards, chosen }) => {
  const { left, top, right, bottom } = link;
  const inline = [right + MARGIN_PX, left - MARGIN_PX - card.width];
  if (isRtl) inline.reverse();
  const start = isRtl ? right - card.width : left;
  /** @type {[Side, number, number][]} */
  const corners = [
    ["below", start, bottom + MARGIN_PX],
    ["above", start, top - MARGIN_PX - card.height],
    ["after", inline[0], top + MARGIN_PX],
    ["before", inline[1], top + MARGIN_PX],
  ];
  const spots = corners.map(([side, wantedX, wantedY], index) => {
    // The card may shift along the link to stay within the view, but not onto the link.
    const x = clamp(wantedX, MARGIN_PX, view.width - card.width - MARGIN_PX);
    const y = clamp(wantedY, MARGIN_PX, view.height - card.height - MARGIN_PX);
    return { side, x, y, fits: index < 2 ? y === wantedY : x === wantedX };
  });
  /** @type {(spot: Spot) => boolean} */
  const isFree = ({ x, y }) => !others.some((other) =>
    contains({ left: x, top: y, right: x + card.width, bottom: y + card.height }, {
      x: clamp((left + right) / 2, other.left, other.right),
      y: clamp((top + bottom) / 2, other.top, other.bottom),
    }));
  const fitting = spots.filter(({ fits }) => fits);
  return fitting.find(({ side }) => side === chosen)
    ?? fitting.find(isFree)
    ?? fitting.find(({ side }) => isDownwards && side === "above")
    ?? fitting[0] ?? spots[0];
};

/**
 * Place an open card, and again when anything moves or changes its size, until the returned
 * function is called. If the link wraps, the card is beside the line under the pointer.
 * @param {HTMLElement} card
 * @param {HTMLElement} trigger
 * @param {Path} path
 */
export const place = (card, trigger, { point, isDownwards }) => {
  const fragments = [...trigger.getClientRects()];
  const index = Math.max(0, fragments.findIndex((fragment) => contains(fragment, point)));
  const isRtl = getComputedStyle(trigger).direction === "rtl";
  /** @type {Side | undefined} */
  let chosen;

  const follow = () => {
    const link = trigger.getClientRects()[index];
    if (!link) return;
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const others = [...document.querySelectorAll(TRIGGER)]
      .filter((other) => other !== trigger && !card.contains(other))
      .map((other) => other.getBoundingClientRect());
    const preferences = { isRtl, isDownwards, chosen };
    const find = () =>
      beside(link, card.getBoundingClientRect(), { width, height }, others, preferences);
    card.style.maxHeight = "";
    let spot = find();
    if (!spot.fits) {
      // A card that scrolls is better than one that covers its link.
      card.style.maxHeight = `${Math.max(link.top, height - link.bottom) - 2 * MARGIN_PX}px`;
      spot = find();
    }
    chosen = spot.side;
    card.style.left = `${spot.x + scrollX}px`;
    card.style.top = `${spot.y + scrollY}px`;
  };
  // After other scripts have changed the content, such as dates into "9 minutes ago".
  queueMicrotask(follow);
  const observer = new ResizeObserver(follow);
  // The page grows when something is inserted above the link.
  observer.observe(document.body);
  observer.observe(card);
  const ended = new AbortController();
  for (const type of ["scroll", "resize"]) {
    addEventListener(type, follow, { capture: true, passive: true, signal: ended.signal });
  }
  return () => {
    observer.disconnect();
    ended.abort();
  };
};
