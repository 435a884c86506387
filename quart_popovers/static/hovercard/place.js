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
 * Where the card goes on each side of its link. It shifts along the link to stay within the view,
 * and fits where it need not shift onto the link.
 * @type {(link: Rectangle, card: Size, view: Size, isRtl: boolean) => Spot[]}
 */
export const spotsAround = ({ left, top, right, bottom }, card, view, isRtl) => {
  const inline = [right + MARGIN_PX, left - MARGIN_PX - card.width];
  if (isRtl) inline.reverse();
  const x = isRtl ? right - card.width : left;
  const y = top + MARGIN_PX;
  /** @type {[Side, number, number][]} */
  const corners = [
    ["below", x, bottom + MARGIN_PX],
    ["above", x, top - MARGIN_PX - card.height],
    ["after", inline[0], y],
    ["before", inline[1], y],
  ];
  return corners.map(([side, wantedX, wantedY], index) => {
    const x = clamp(wantedX, MARGIN_PX, view.width - card.width - MARGIN_PX);
    const y = clamp(wantedY, MARGIN_PX, view.height - card.height - MARGIN_PX);
    return { side, x, y, fits: index < 2 ? y === wantedY : x === wantedX };
  });
};

/**
 * The first side on which the way to every other trigger stays free. If there is none, the side
 * that the pointer came from, so that it can move on.
 * @param {Spot[]} spots
 * @param {Rectangle} link
 * @param {Size} card
 * @param {Rectangle[]} others
 * @param {boolean} isDownwards whether the pointer came from above
 */
export const choose = (spots, link, card, others, isDownwards) => {
  /** @type {(spot: Spot) => boolean} */
  const isFree = ({ x, y }) => !others.some(({ left, top, right, bottom }) =>
    contains({ left: x, top: y, right: x + card.width, bottom: y + card.height }, {
      x: clamp((link.left + link.right) / 2, left, right),
      y: clamp((link.top + link.bottom) / 2, top, bottom),
    }));
  const fitting = spots.filter(({ fits }) => fits);
  return fitting.find(isFree)
    ?? fitting.find(({ side }) => isDownwards && side === "above")
    ?? fitting[0] ?? spots[0];
};

/** @type {(card: HTMLElement, trigger: HTMLElement) => Rectangle[]} */
const rectanglesOfOthers = (card, trigger) =>
  [...document.querySelectorAll(TRIGGER)]
    .filter((other) => other !== trigger && !card.contains(other))
    .map((other) => other.getBoundingClientRect());

/**
 * Place an open card, and again when anything moves or changes its size; the function returned
 * ends this. In a link that wraps, the card is beside the fragment under the pointer.
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
    const size = card.getBoundingClientRect();
    const spots = spotsAround(link, size, { width, height }, isRtl);
    const { side, x, y } = spots.find((spot) => spot.fits && spot.side === chosen)
      ?? choose(spots, link, size, rectanglesOfOthers(card, trigger), isDownwards);
    chosen = side;
    card.style.left = `${x + scrollX}px`;
    card.style.top = `${y + scrollY}px`;
  };
  // After other scripts have finished the content, such as times in words, and before it is painted.
  queueMicrotask(follow);
  const observer = new ResizeObserver(follow);
  // The page grows when something is inserted above the link.
  for (const changing of [card, document.body]) observer.observe(changing);
  const ended = new AbortController();
  for (const type of ["scroll", "resize"]) {
    addEventListener(type, follow, { capture: true, passive: true, signal: ended.signal });
  }
  return () => {
    observer.disconnect();
    ended.abort();
  };
};
