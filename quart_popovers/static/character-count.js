/**
 * Shows how many characters are left in a field with `data-character-limit`. It counts grapheme
 * clusters (UAX #29), as the server does.
 */
const segmenter = new Intl.Segmenter();

// Screen readers announce the count only near the limit, not at every key.
const SPOKEN_FROM = 20;

/** @param {string} text */
function countCharacters(text) {
  const kept = text.trim().replace(/\n([^\S\n]*\n){2,}/g, "\n\n");
  return [...segmenter.segment(kept.normalize("NFC"))].length;
}

/** @param {HTMLTextAreaElement} field */
function addCounter(field) {
  const limit = Number(field.dataset.characterLimit);
  const counter = document.createElement("output");
  counter.className = "character-count";
  counter.htmlFor.add(field.id);
  field.after(counter);
  const update = () => {
    const left = limit - countCharacters(field.value);
    counter.value = left >= 0 ? `${left} left` : `${-left} too many`;
    counter.classList.toggle("is-over", left < 0);
    counter.setAttribute("aria-live", left <= SPOKEN_FROM ? "polite" : "off");
  };
  field.addEventListener("input", update);
  update();
}

/** @type {NodeListOf<HTMLTextAreaElement>} */
const fields = document.querySelectorAll("textarea[data-character-limit]");
fields.forEach(addCounter);
