// A button that says that there are answers below the edge of the screen, and leads to them: whoever sees the first
// ones alone would choose among those.
const HARDLY_CUT = 8;
const MOST_OF_A_SCREEN = 0.7;

// `button` stands in the foot; gives the function that looks again after a screen was drawn.
export function watchMore(button, foot) {
  const look = () => {
    const rows = document.querySelectorAll("main .choice, main .option, main .actions .button");
    const isSticky = getComputedStyle(foot).position === "sticky";
    const edge = isSticky ? foot.getBoundingClientRect().top : innerHeight;
    const last = rows[rows.length - 1]?.getBoundingClientRect();
    document.documentElement.style.setProperty("--foot", isSticky ? `${innerHeight - edge}px` : "0px");
    button.hidden = !last || last.bottom <= edge + HARDLY_CUT;
  };
  button.addEventListener("click", () => scrollBy({ top: innerHeight * MOST_OF_A_SCREEN, behavior: "instant" }));
  for (const kind of ["scroll", "resize"]) addEventListener(kind, look, { passive: true });
  new ResizeObserver(look).observe(document.body);
  look();
  return look;
}
