// The stages of the machine, arrow by arrow of the drawing in machine.js.
// Run: node --test tests/hovercard_machine/*.test.mjs

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ARMING, BY_FOCUS, BY_TOUCH, CHANGING, CHANGING_BY_FOCUS, CLOSING, DISMISSED, OPEN, at, bo, run,
  until,
} from "./events.mjs";

// Each line of the drawing in machine.js, then what leads nowhere.
const ARROWS = [
  // idle → arming
  ["idle, moved", ARMING, "arming"],
  ["idle, focused", BY_FOCUS, "arming"],
  ["idle, pressed", BY_TOUCH, "arming"],
  ["idle, left", [at(0, "left")], "idle"],
  ["idle, returned", [at(0, "returned")], "idle"],
  ["idle, retried", [at(0, "retried")], "idle"],
  ["idle, pressed on no link", [at(0, "pressed", { trigger: null })], "idle"],
  ["idle, time", [until(9999)], "idle"],
  // arming → open
  ["arming by pointer at 399", [...ARMING, until(399)], "arming"],
  ["arming by pointer at 400", [...ARMING, until(400)], "open"],
  ["arming by focus at 399", [...BY_FOCUS, until(399)], "arming"],
  ["arming by focus at 400", [...BY_FOCUS, until(400)], "open"],
  ["arming by touch at 499", [...BY_TOUCH, until(499)], "arming"],
  ["arming by touch at 500", [...BY_TOUCH, until(500)], "open"],
  ["moved on at 350, at 449", [...ARMING, at(350, "moved"), until(449)], "arming"],
  ["moved on at 350, at 450", [...ARMING, at(350, "moved"), until(450)], "open"],
  ["pointed link, focus comes too at 90, at 489", [...ARMING, at(90, "focused"), until(489)], "arming"],
  ["pointed link, focus comes too at 90, at 490", [...ARMING, at(90, "focused"), until(490)], "open"],
  ["focused link, pointer moves on it", [...BY_FOCUS, at(350, "moved"), until(400)], "open"],
  // arming → idle
  ["arming by pointer, left", [...ARMING, at(10, "left")], "idle"],
  ["arming by pointer, left for the page", [...ARMING, at(10, "left", { trigger: null })], "idle"],
  ["arming by pointer, scrolled", [...ARMING, at(10, "scrolled")], "idle"],
  ["arming by focus, blurred", [...BY_FOCUS, at(10, "blurred")], "idle"],
  ["arming by focus, blurred while held", [...BY_FOCUS, at(10, "blurred", { held: true })], "idle"],
  ["arming by touch, released", [...BY_TOUCH, at(10, "released")], "idle"],
  ["arming by touch, scrolled", [...BY_TOUCH, at(10, "scrolled")], "idle"],
  // what does not disarm
  ["arming by focus, pointer left", [...BY_FOCUS, at(10, "left")], "arming"],
  ["arming by focus, scrolled", [...BY_FOCUS, at(10, "scrolled")], "arming"],
  ["arming by pointer, focus left", [...ARMING, at(10, "blurred")], "arming"],
  ["arming by pointer, finger lifted", [...ARMING, at(10, "released")], "arming"],
  ["arming by pointer, another left", [...ARMING, at(10, "left", { trigger: bo })], "arming"],
  ["pointed link, focus comes too, pointer left", [...ARMING, at(90, "focused"), at(99, "left")], "arming"],
  // open → closing
  ["open, left", CLOSING, "closing"],
  ["open, left while held", [...OPEN, at(500, "left", { held: true })], "open"],
  ["open, retried", [...OPEN, at(500, "retried")], "open"],
  ["open, finger lifted", [...OPEN, at(500, "released")], "open"],
  ["open, scrolled", [...OPEN, at(500, "scrolled")], "open"],
  // open → idle
  ["open, blurred", [...OPEN, at(500, "blurred")], "idle"],
  ["open, blurred while held", [...OPEN, at(500, "blurred", { held: true })], "open"],
  // open → changing
  ["open, moved elsewhere", CHANGING, "changing"],
  ["open, focused elsewhere", CHANGING_BY_FOCUS, "changing"],
  ["open, moved on its own link", [...OPEN, at(500, "moved")], "open"],
  ["open, pressed on its own link", [...OPEN, at(500, "pressed")], "open"],
  // changing → open
  ["changing, waited", [...CHANGING, until(900)], "open"],
  ["changing, rested but not answered", [...CHANGING, until(899)], "changing"],
  ["changing, answered but not rested",
    [...CHANGING, at(510, "answered", { trigger: bo }), until(599)], "changing"],
  ["changing, rested and answered",
    [...CHANGING, at(510, "answered", { trigger: bo }), until(600)], "open"],
  ["changing, returned", [...CHANGING, at(510, "returned")], "open"],
  ["changing, moved on the old link", [...CHANGING, at(510, "moved")], "open"],
  ["changing, focused the old link", [...CHANGING, at(510, "focused")], "open"],
  // changing → closing
  ["changing, left", [...CHANGING, at(510, "left", { trigger: bo })], "closing"],
  ["changing, left while held", [...CHANGING, at(510, "left", { trigger: bo, held: true })], "open"],
  ["changing, left the old link", [...CHANGING, at(510, "left")], "changing"],
  ["changing, scrolled", [...CHANGING, at(510, "scrolled", { trigger: null })], "closing"],
  ["changing by touch, released",
    [...OPEN, at(500, "pressed", { trigger: bo }), at(510, "released", { trigger: bo })], "closing"],
  // changing → arming, idle
  ["changing, blurred", [...CHANGING, at(510, "blurred")], "arming"],
  ["changing, blurred while held", [...CHANGING, at(510, "blurred", { held: true })], "changing"],
  ["changing by focus, blurred", [...CHANGING_BY_FOCUS, at(510, "blurred", { trigger: bo })], "idle"],
  ["changing by focus, blurred while held",
    [...CHANGING_BY_FOCUS, at(510, "blurred", { trigger: bo, held: true })], "open"],
  // closing → open, changing
  ["closing, returned", [...CLOSING, at(749, "returned"), until(9999)], "open"],
  ["closing, moved on its own link", [...CLOSING, at(749, "moved"), until(9999)], "open"],
  ["closing, focused", [...CLOSING, at(749, "focused"), until(9999)], "open"],
  ["closing, held meanwhile", [...CLOSING, at(510, "left", { held: true }), until(9999)], "open"],
  ["closing, moved elsewhere", [...CLOSING, at(510, "moved", { trigger: bo }), until(899)], "changing"],
  // closing → idle
  ["closing at 249", [...CLOSING, until(749)], "closing"],
  ["closing at 250", [...CLOSING, until(750)], "idle"],
  ["closing, left again does not prolong it", [...CLOSING, at(700, "left"), until(750)], "idle"],
  ["closing, blurred", [...CLOSING, at(510, "blurred")], "idle"],
  ["closing, blurred while held", [...CLOSING, at(510, "blurred", { held: true })], "closing"],
  // any → open
  ["idle, asked", [at(0, "asked")], "open"],
  ["arming, asked", [...ARMING, at(10, "asked")], "open"],
  ["open, asked elsewhere", [...OPEN, at(500, "asked", { trigger: bo })], "open"],
  ["closing, asked", [...CLOSING, at(510, "asked"), until(9999)], "open"],
  // any → idle
  ["arming, dismissed", [...ARMING, at(10, "dismissed")], "idle"],
  ["open, dismissed", [...OPEN, at(500, "dismissed")], "idle"],
  ["changing, dismissed", [...CHANGING, at(510, "dismissed"), until(9999)], "idle"],
  ["closing, dismissed", [...CLOSING, at(501, "dismissed")], "idle"],
  // suppressed until left
  ["dismissed, moved", [...DISMISSED, at(1, "moved")], "idle"],
  ["dismissed, focused", [...DISMISSED, at(1, "focused")], "idle"],
  ["dismissed, left, moved", [...DISMISSED, at(1, "left"), at(2, "moved")], "arming"],
  ["dismissed, blurred, focused", [...DISMISSED, at(1, "blurred"), at(2, "focused")], "arming"],
  ["dismissed, left another, moved",
    [...DISMISSED, at(1, "left", { trigger: bo }), at(2, "moved")], "idle"],
  ["dismissed, another moved", [...DISMISSED, at(1, "moved", { trigger: bo })], "arming"],
  ["dismissed, asked", [...DISMISSED, at(1, "asked")], "open"],
  ["dismissed, asked, blurred, focused",
    [...DISMISSED, at(1, "asked"), at(2, "dismissed", { trigger: bo }), at(3, "moved")], "arming"],
];

for (const [title, events, expected] of ARROWS) {
  test(`${title}: ${expected}`, () => assert.equal(run(events).name, expected));
}
