// On a phone an answered rating folds to one line and the next one comes into view.
// Only a finger or a mouse folds: who chooses with the arrow keys is not interrupted.
const narrow = matchMedia("(max-width: 47.99rem)");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let ratings = [];

function fold(rating) {
  const answer = rating.querySelector("input:checked");
  if (!answer) return;
  let line = rating.querySelector(".fold-line");
  if (!line) {
    line = document.createElement("button");
    line.type = "button";
    line.className = "fold-line";
    line.setAttribute("aria-expanded", "false");
    line.append(part("fold-question"), part("fold-answer"));
    line.addEventListener("click", () => unfold(rating, true));
    rating.append(line);
  }
  line.firstChild.textContent = rating.querySelector("legend").textContent.trim();
  line.lastChild.textContent = "✓ " + answer.parentElement.textContent.trim();
  rating.classList.add("is-folded");
}

function part(name) {
  const span = document.createElement("span");
  span.className = name;
  return span;
}

function unfold(rating, focus) {
  rating.classList.remove("is-folded");
  if (focus) rating.querySelector("input:checked").focus();
}

function showNext(rating) {
  const next = ratings.slice(ratings.indexOf(rating) + 1).find((other) => !other.querySelector("input:checked"));
  const target = next || rating.closest("form")?.querySelector(".actions");
  if (!target) return;
  // A screen reader goes on reading here; the answered control is hidden now.
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: next ? "start" : "nearest", behavior: calm.matches ? "auto" : "smooth" });
}

document.addEventListener("click", (event) => {
  const rating = event.target.closest(".rating");
  if (!rating || !narrow.matches || event.detail === 0 || !event.target.closest(".option")) return;
  // A click on the words is followed by one on the input itself; only the latter has the new answer.
  if (event.target.type !== "radio") return;
  setTimeout(() => {
    fold(rating);
    showNext(rating);
  }, calm.matches ? 0 : 250);
});

function fit() {
  for (const rating of ratings) {
    if (narrow.matches && !rating.classList.contains("has-error")) fold(rating);
    else unfold(rating, false);
  }
}

// A link of the error summary leads to a control that must be there.
addEventListener("hashchange", () => document.getElementById(location.hash.slice(1))?.closest(".is-folded")?.classList.remove("is-folded"));
narrow.addEventListener("change", fit);
// keep.js puts another page in place of this one.
addEventListener("shown", begin);

function begin() {
  ratings = [...document.querySelectorAll(".rating")];
  fit();
}
begin();
