// The rectangle arithmetic. Run: node --test tests/hovercard_machine/*.mjs

import assert from "node:assert/strict";
import { test } from "node:test";

import { beside } from "../../quart_popovers/static/hovercard/place.js";

const CARD = { width: 300, height: 200 };
const VIEW = { width: 1000, height: 700 };
const FLAT = { width: 1000, height: 240 };
const link = (left, top) => ({ left, top, right: left + 50, bottom: top + 20 });

const PLACES = [
  ["below, from where the link starts", link(400, 300), VIEW, false, { x: 400, y: 328 }],
  ["right to left: from where it ends", link(400, 300), VIEW, true, { x: 150, y: 328 }],
  ["above where below is no room", link(400, 600), VIEW, false, { x: 400, y: 392 }],
  ["shifted at the right edge", link(945, 300), VIEW, false, { x: 692, y: 328 }],
  ["shifted at the left edge", link(5, 300), VIEW, true, { x: 8, y: 328 }],
  ["after it in a flat view", link(100, 100), FLAT, false, { x: 158, y: 32 }],
  ["before it in a flat view", link(900, 100), FLAT, false, { x: 592, y: 32 }],
  ["exactly as much room as it needs", link(400, 472), VIEW, false, { x: 400, y: 264 }],
];

for (const [title, anchor, view, isRtl, expected] of PLACES) {
  test(title, () => assert.deepEqual(beside(anchor, CARD, view, isRtl), expected));
}

test("the last pixel below counts", () => {
  assert.equal(beside(link(400, 464), CARD, VIEW, false).y, 492);
});
