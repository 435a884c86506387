// The state machine as a table, arrow by arrow of the drawing in machine.js.
// Run: node --test tests/hovercard_machine/*.mjs

import assert from "node:assert/strict";
import { test } from "node:test";

import { IDLE, dueAt, nameOf, step, wishes } from "../../quart_popovers/static/hovercard/machine.js";

const alice = { name: "alice" };
const bo = { name: "bo" };

/** Events at given times; between them every deadline comes in its turn. */
const run = (events, start = IDLE) => {
  let state = start;
  let at = 0;
  const log = [];
  const take = (event) => {
    const after = step(state, event);
    for (const { trigger, isOver } of wishes(state, after)) {
      log.push(`${event.at} ${isOver ? "let go" : "ask"} ${trigger.name}`);
    }
    const isOther = state.shown?.trigger !== after.shown?.trigger;
    if (isOther) {
      log.push(`${event.at} ${after.shown ? `show ${after.shown.trigger.name}` : "hide"}`);
    }
    if (after.shown && after.shown.filled !== (isOther ? 0 : state.shown?.filled)) {
      log.push(`${event.at} ${after.shown.filled ? "content" : "skeleton"}`);
    }
    state = after;
  };
  for (const event of events) {
    for (let due; (due = dueAt(state, at)) <= event.at; at = due) take({ type: "time", at: due });
    at = event.at;
    take(event);
  }
  return { state, log, name: nameOf(state) };
};

const at = (time, type, detail = {}) => ({ type, at: time, trigger: alice, ...detail });
const until = (time) => ({ type: "time", at: time });
/** Alice's card open with content at 400. */
const OPEN = [at(0, "moved"), at(150, "answered"), until(400)];

const ARROWS = [
  // idle → arming
  ["idle, moved", [at(0, "moved")], "arming"],
  ["idle, focused", [at(0, "focused")], "arming"],
  ["idle, pressed", [at(0, "pressed")], "arming"],
  ["idle, left", [at(0, "left")], "idle"],
  ["idle, time", [until(9999)], "idle"],
  // arming → idle
  ["arming by pointer, left", [at(0, "moved"), at(10, "left")], "idle"],
  ["arming by pointer, scrolled", [at(0, "moved"), at(10, "scrolled")], "idle"],
  ["arming by focus, blurred", [at(0, "focused"), at(10, "blurred")], "idle"],
  ["arming by touch, released", [at(0, "pressed"), at(10, "released")], "idle"],
  ["arming by touch, scrolled", [at(0, "pressed"), at(10, "scrolled")], "idle"],
  ["arming, dismissed", [at(0, "moved"), at(10, "dismissed")], "idle"],
  // what does not disarm
  ["arming by focus, pointer left", [at(0, "focused"), at(10, "left")], "arming"],
  ["arming by focus, scrolled", [at(0, "focused"), at(10, "scrolled")], "arming"],
  ["arming by pointer, focus left", [at(0, "moved"), at(10, "blurred")], "arming"],
  ["arming by pointer, finger lifted", [at(0, "moved"), at(10, "released")], "arming"],
  ["arming, pointer left another link", [at(0, "moved"), at(10, "left", { trigger: bo })], "arming"],
  // arming → open
  ["arming by pointer at 399", [at(0, "moved"), until(399)], "arming"],
  ["arming by pointer at 400", [at(0, "moved"), until(400)], "open"],
  ["arming by focus at 399", [at(0, "focused"), until(399)], "arming"],
  ["arming by focus at 400", [at(0, "focused"), until(400)], "open"],
  ["arming by touch at 499", [at(0, "pressed"), until(499)], "arming"],
  ["arming by touch at 500", [at(0, "pressed"), until(500)], "open"],
  ["moved on at 350, at 449", [at(0, "moved"), at(350, "moved"), until(449)], "arming"],
  ["moved on at 350, at 450", [at(0, "moved"), at(350, "moved"), until(450)], "open"],
  ["focused link, pointer moves on it", [at(0, "focused"), at(350, "moved"), until(400)], "open"],
  ["pointed link, focus comes too", [at(0, "moved"), at(90, "focused"), at(99, "left"), until(400)], "open"],
  ["idle, asked", [at(0, "asked")], "open"],
  ["arming, asked", [at(0, "moved"), at(10, "asked")], "open"],
  // open → closing → idle, and back
  ["open, left", [...OPEN, at(500, "left")], "closing"],
  ["open, left while held", [...OPEN, at(500, "left", { held: true })], "open"],
  ["closing at 249", [...OPEN, at(500, "left"), until(749)], "closing"],
  ["closing at 250", [...OPEN, at(500, "left"), until(750)], "idle"],
  ["closing, left again does not prolong it", [...OPEN, at(500, "left"), at(700, "left"), until(750)], "idle"],
  ["closing, returned", [...OPEN, at(500, "left"), at(749, "returned"), until(9999)], "open"],
  ["closing, moved on its own link", [...OPEN, at(500, "left"), at(749, "moved"), until(9999)], "open"],
  ["closing, focused", [...OPEN, at(500, "left"), at(749, "focused"), until(9999)], "open"],
  ["closing, dismissed", [...OPEN, at(500, "left"), at(501, "dismissed")], "idle"],
  ["open, blurred", [...OPEN, at(500, "blurred")], "idle"],
  ["open, blurred while held", [...OPEN, at(500, "blurred", { held: true })], "open"],
  ["open, dismissed", [...OPEN, at(500, "dismissed")], "idle"],
  ["open, finger lifted", [...OPEN, at(500, "released")], "open"],
  ["open, scrolled", [...OPEN, at(500, "scrolled")], "open"],
  // open → arming with the old card, and back
  ["open, moved elsewhere", [...OPEN, at(500, "moved", { trigger: bo })], "arming"],
  ["and back", [...OPEN, at(500, "moved", { trigger: bo }), at(510, "returned")], "open"],
  ["and to nowhere", [...OPEN, at(500, "moved", { trigger: bo }), at(510, "left", { trigger: bo })], "closing"],
  ["and scrolled", [...OPEN, at(500, "moved", { trigger: bo }), at(510, "scrolled", { trigger: null })], "closing"],
  ["closing, moved elsewhere", [...OPEN, at(500, "left"), at(510, "moved", { trigger: bo }), until(900)], "arming"],
  // suppressed until left
  ["dismissed, moved", [at(0, "dismissed"), at(1, "moved")], "idle"],
  ["dismissed, focused", [at(0, "dismissed"), at(1, "focused")], "idle"],
  ["dismissed, left, moved", [at(0, "dismissed"), at(1, "left"), at(2, "moved")], "arming"],
  ["dismissed, blurred, focused", [at(0, "dismissed"), at(1, "blurred"), at(2, "focused")], "arming"],
  ["dismissed, left another, moved", [at(0, "dismissed"), at(1, "left", { trigger: bo }), at(2, "moved")], "idle"],
  ["dismissed, another moved", [at(0, "dismissed"), at(1, "moved", { trigger: bo })], "arming"],
  ["dismissed, asked", [at(0, "dismissed"), at(1, "asked")], "open"],
];

for (const [title, events, expected] of ARROWS) {
  test(`${title}: ${expected}`, () => assert.equal(run(events).name, expected));
}

const LOGS = [
  ["asks at 100 and shows the content at 400",
    OPEN, ["100 ask alice", "400 show alice", "400 content"]],
  ["a skeleton stays 200 ms",
    [at(0, "moved"), at(410, "answered"), until(900)],
    ["100 ask alice", "400 show alice", "600 content"]],
  ["a later answer takes its place at once",
    [at(0, "moved"), at(700, "answered"), until(900)],
    ["100 ask alice", "400 show alice", "700 content"]],
  ["an answer that was kept needs no skeleton",
    [at(0, "asked"), at(0, "answered", { isKept: true })],
    ["0 ask alice", "0 show alice", "0 content"]],
  ["news change in place",
    [...OPEN, at(600, "answered"), until(600)],
    ["100 ask alice", "400 show alice", "400 content", "600 content"]],
  ["leaving lets go",
    [at(0, "moved"), at(200, "left")], ["100 ask alice", "200 let go alice"]],
  ["passing by asks for nothing",
    [at(0, "moved"), at(99, "left")], []],
  ["warm and ready, the next opens after 100 ms",
    [...OPEN, at(500, "moved", { trigger: bo }), at(600, "answered", { trigger: bo })],
    ["100 ask alice", "400 show alice", "400 content", "600 ask bo",
      "600 let go alice", "600 show bo", "600 content"]],
  ["warm and late, the old card stays until the answer",
    [...OPEN, at(500, "moved", { trigger: bo }), at(900, "answered", { trigger: bo })],
    ["100 ask alice", "400 show alice", "400 content", "600 ask bo",
      "900 let go alice", "900 show bo", "900 content"]],
  ["warm and very late, a skeleton after a second",
    [...OPEN, at(500, "moved", { trigger: bo }), until(1500)],
    ["100 ask alice", "400 show alice", "400 content", "600 ask bo",
      "1500 let go alice", "1500 show bo"]],
  ["warm for 400 ms after it closed",
    [...OPEN, at(500, "left"), at(1149, "moved", { trigger: bo }), at(1249, "answered", { trigger: bo })],
    ["100 ask alice", "400 show alice", "400 content", "750 let go alice", "750 hide",
      "1249 ask bo", "1249 show bo", "1249 content"]],
  ["cold after that",
    [...OPEN, at(500, "left"), at(1150, "moved", { trigger: bo }),
      at(1250, "answered", { trigger: bo }), until(1550)],
    ["100 ask alice", "400 show alice", "400 content", "750 let go alice", "750 hide",
      "1250 ask bo", "1550 show bo", "1550 content"]],
  ["a keyboard is never warm",
    [...OPEN, at(500, "blurred"), at(500, "focused", { trigger: bo }), until(899)],
    ["100 ask alice", "400 show alice", "400 content", "500 let go alice", "500 hide", "600 ask bo"]],
  ["told to wait, it asks again by itself",
    [at(0, "moved"), at(150, "answered", { retryMs: 3000 }), until(3150)],
    ["100 ask alice", "400 show alice", "400 content", "3150 ask alice"]],
  ["told to wait and left, it does not",
    [at(0, "moved"), at(150, "answered", { retryMs: 3000 }), until(400), at(500, "left"), until(9999)],
    ["100 ask alice", "400 show alice", "400 content", "750 let go alice", "750 hide"]],
  ["trying again shows a skeleton and asks",
    [...OPEN, at(1000, "retried"), at(1010, "answered"), until(1200)],
    ["100 ask alice", "400 show alice", "400 content", "1000 ask alice", "1000 skeleton", "1200 content"]],
  ["refreshing asks without a skeleton",
    [...OPEN, at(1000, "refreshed"), at(1010, "answered")],
    ["100 ask alice", "400 show alice", "400 content", "1000 ask alice", "1010 content"]],
];

for (const [title, events, expected] of LOGS) {
  test(title, () => assert.deepEqual(run(events).log, expected));
}

test("without early fetching it asks when it opens", () => {
  const { log } = run([at(0, "moved"), until(400)], { ...IDLE, early: false });

  assert.deepEqual(log, ["400 ask alice", "400 show alice"]);
});

test("a warm card has no animation, a cold one has", () => {
  const warm = run([...OPEN, at(500, "moved", { trigger: bo }), at(650, "answered", { trigger: bo })]);

  assert.equal(run(OPEN).state.shown.animated, true);
  assert.equal(warm.state.shown.animated, false);
});

test("nothing is due when it is idle, nor when an open card rests", () => {
  for (const events of [[], OPEN, [...OPEN, at(500, "left"), until(750)], [...OPEN, at(500, "dismissed")]]) {
    assert.equal(dueAt(run(events).state, 99_999), Infinity);
  }
});

test("any thousand events keep the promises", () => {
  const types = ["moved", "focused", "pressed", "asked", "returned", "left", "blurred", "released",
    "scrolled", "answered", "retried", "refreshed", "dismissed", "time"];
  let seed = 1;
  const random = (count) => (seed = (seed * 48271) % 2147483647) % count;
  for (let round = 0; round < 200; round += 1) {
    let state = IDLE;
    const asked = new Set();
    for (let time = 0, events = 0; events < 1000; events += 1) {
      time += random(300);
      const event = {
        type: types[random(types.length)], at: time, held: random(4) === 0,
        trigger: [alice, bo, null][random(3)], retryMs: random(5) ? undefined : 500,
      };
      if (!event.trigger && /moved|focused|pressed|asked/.test(event.type)) continue;
      const after = step(state, event);
      for (const { trigger, isOver } of wishes(state, after)) asked[isOver ? "delete" : "add"](trigger);
      state = after;
      const waiting = [state.shown?.trigger, state.armed?.wished && state.armed.trigger].filter(Boolean);
      assert.deepEqual(asked, new Set(waiting), "asked for is exactly what is waited for");
      assert.notEqual(state.armed?.trigger ?? alice.nobody, state.shown?.trigger ?? null);
      if (nameOf(state) === "idle") assert.equal(dueAt(state, time), Infinity);
      if (state.shown) assert.ok(state.shown.filled <= state.shown.answers);
    }
  }
});
