/**
 * Keeps the text of each `<form data-draft="name">` in this tab until the server has saved it, also
 * while other pages are visited and when the sign-in has ended. Passwords, email addresses and
 * hidden fields are not kept. The server marks a message about saved text with `data-saved="name"`,
 * and a form that it refused with `data-refused`.
 */
const PREFIX = "draft";
const LONGEST_TEXT = 10_000; // more than any field accepts
const viewer = document.documentElement.dataset.viewer;

/** @typedef {{ generation: string, isSent: boolean, texts: Record<string, string> }} Draft */

/** Forms whose text has been stored from this page. @type {WeakSet<HTMLFormElement>} */
const stored = new WeakSet();

/**
 * Storage may be blocked or full: then there are no drafts.
 * @template Result
 * @param {() => Result} action
 */
function withStorage(action) {
  try {
    return action();
  } catch {
    return null;
  }
}

/** It changes with each sign-out: no other tab shows drafts from before. */
const generation = () => localStorage.getItem(`${PREFIX}-generation`) ?? "";

/** @param {string} name */
const keyOf = (name) => `${PREFIX} ${viewer} ${name}`;

/** @type {(name: string) => Draft | null} */
const read = (name) => withStorage(() => {
  const draft = JSON.parse(sessionStorage.getItem(keyOf(name)) ?? "null");
  return draft?.generation === generation() ? draft : null;
});

/** @param {string} name */
const remove = (name) => withStorage(() => sessionStorage.removeItem(keyOf(name)));

function removeAll() {
  withStorage(() => {
    localStorage.setItem(`${PREFIX}-generation`, String(Math.random()));
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
    }
  });
}

/** @param {HTMLFormElement} form */
function fieldsOf(form) {
  /** @type {NodeListOf<HTMLInputElement | HTMLTextAreaElement>} */
  const fields = form.querySelectorAll("textarea[name], input[type=text][name]");
  return [...fields];
}

/** @type {(form: HTMLFormElement, isSent: boolean) => void} */
function store(form, isSent) {
  const name = form.dataset.draft ?? "";
  const fields = fieldsOf(form);
  const isUnchanged = fields.every((field) => field.value === field.defaultValue);
  if (isUnchanged && !("refused" in form.dataset)) {
    remove(name);
    return;
  }
  const texts = Object.fromEntries(
    fields.map((field) => [field.name, field.value.slice(0, LONGEST_TEXT)]),
  );
  withStorage(() => {
    const draft = { generation: generation(), isSent, texts };
    sessionStorage.setItem(keyOf(name), JSON.stringify(draft));
    stored.add(form);
  });
}

/** @type {(field: HTMLInputElement | HTMLTextAreaElement) => void} */
const announce = (field) => void field.dispatchEvent(new Event("input", { bubbles: true }));

/** @param {HTMLFormElement} form */
function reset(form) {
  form.reset();
  fieldsOf(form).forEach(announce);
  form.querySelector(".draft-note")?.remove();
}

/** @param {HTMLFormElement} form */
function restore(form) {
  const draft = read(form.dataset.draft ?? "");
  if (!draft || "refused" in form.dataset) return;
  const changed = fieldsOf(form).filter(
    ({ name, value }) => name in draft.texts && draft.texts[name] !== value,
  );
  for (const field of changed) field.value = draft.texts[field.name];
  changed.forEach(announce);
  if (changed.length) addNote(form);
}

/** @param {HTMLFormElement} form */
function addNote(form) {
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "link-button";
  discard.textContent = "Discard";
  discard.addEventListener("click", () => {
    reset(form);
    fieldsOf(form)[0].focus();
  });
  const note = document.createElement("p");
  note.className = "hint draft-note";
  note.role = "status";
  note.append("Your unsaved text was restored. ", discard);
  form.prepend(note);
}

/** @type {NodeListOf<HTMLElement>} */
const messages = document.querySelectorAll("[data-saved]");
for (const { dataset } of messages) {
  const name = dataset.saved ?? "";
  // Without a form sent from here, the message is about another tab's.
  if (read(name)?.isSent) remove(name);
}

/** @type {NodeListOf<HTMLFormElement>} */
const forms = document.querySelectorAll("form[data-draft]");
for (const form of forms) {
  restore(form);
  form.addEventListener("input", () => store(form, false));
  form.addEventListener("submit", () => store(form, true));
}

// A page from the back/forward cache shows what was in its form, though it may be saved by now.
addEventListener("pageshow", ({ persisted }) => {
  for (const form of persisted ? forms : []) {
    if (read(form.dataset.draft ?? "")) restore(form);
    else if (stored.has(form)) reset(form);
  }
});

document.addEventListener("submit", ({ target }) => {
  if (/** @type {HTMLElement} */ (target).closest("[data-remove-drafts]")) removeAll();
});
