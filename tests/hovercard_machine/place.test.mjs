// Where the card goes. Run: node --test tests/hovercard_machine/*.test.mjs

import assert from "node:assert/strict";
import { test } from "node:test";

import { beside } from "../../quart_popovers/static/hovercard/place.js";

const CARD = { width: 300, height: 200 };
const VIEW = { width: 1000, height: 700 };
const FLAT = { width: 1000, height: 240 };
const TINY = { width: 310, height: 240 };
const link = (left, top) => ({ left, top, right: left + 50, bottom: top + 20 });

const place = (anchor, view, others = [], preferences = {}) => {
  const { side, x, y, fits } = beside(anchor, CARD, view, others, preferences);
  return fits ? [side, x, y] : ["no side", x, y];
};

const PLACES = [
  ["below, from where the link starts", link(400, 300), VIEW, false, ["below", 400, 328]],
  ["right to left: from where it ends", link(400, 300), VIEW, true, ["below", 150, 328]],
  ["above where below is no room", link(400, 600), VIEW, false, ["above", 400, 392]],
  ["shifted at the right edge", link(945, 300), VIEW, false, ["below", 692, 328]],
  ["shifted at the left edge", link(5, 300), VIEW, true, ["below", 8, 328]],
  ["after it in a flat view", link(100, 100), FLAT, false, ["after", 158, 32]],
  ["before it in a flat view", link(900, 100), FLAT, false, ["before", 592, 32]],
  ["right to left: after it is left of it", link(900, 100), FLAT, true, ["after", 592, 32]],
  ["right to left: before it is right of it", link(100, 100), FLAT, true, ["before", 158, 32]],
  ["exactly as much room as it needs", link(400, 472), VIEW, false, ["above", 400, 264]],
  ["the last pixel below counts", link(400, 464), VIEW, false, ["below", 400, 492]],
  ["where no side has room, within the view", link(100, 100), TINY, false, ["no side", 8, 32]],
];

for (const [title, anchor, view, isRtl, expected] of PLACES) {
  test(title, () => assert.deepEqual(place(anchor, view, [], { isRtl }), expected));
}

const ABOVE = link(400, 250);
const BELOW = link(400, 350);
const BESIDE = link(470, 320);
const BEFORE = link(300, 320);
const FAR = link(400, 650);

const NEIGHBOURS = [
  ["a name below: the card goes above", [BELOW], false, "above"],
  ["a name above: the card goes below", [ABOVE], true, "below"],
  ["names above and below: beside them", [ABOVE, BELOW], true, "after"],
  ["a name beside it as well: before it", [ABOVE, BELOW, BESIDE], true, "before"],
  ["names all around, pointer comes down: above", [ABOVE, BELOW, BESIDE, BEFORE], true, "above"],
  ["names all around, pointer goes up: below", [ABOVE, BELOW, BESIDE, BEFORE], false, "below"],
  ["a name that the card does not reach", [FAR], true, "below"],
  ["a longer name below, of which only the end is covered", [ABOVE, { ...BELOW, right: 600 }], true, "after"],
];

for (const [title, others, isDownwards, expected] of NEIGHBOURS) {
  test(title, () => assert.equal(place(link(400, 300), VIEW, others, { isDownwards })[0], expected));
}

test("coming down without room above, it opens below", () => {
  const around = [link(400, 150), link(470, 120), link(300, 120)];

  assert.equal(place(link(400, 100), VIEW, around, { isDownwards: true })[0], "below");
});

test("it stays on the side that was chosen, while it fits there", () => {
  assert.equal(place(link(400, 300), VIEW, [], { chosen: "above" })[0], "above");
  assert.equal(place(link(400, 100), VIEW, [], { chosen: "above" })[0], "below");
});
