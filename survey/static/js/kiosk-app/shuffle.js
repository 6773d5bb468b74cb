// In an order that says nothing of the order in which they came about.
export function shuffled(items) {
  return items
    .map((item) => [Math.random(), item])
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item);
}
