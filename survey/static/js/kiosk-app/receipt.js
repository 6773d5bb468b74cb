// Twelve digits in groups of four, a function of the id alone: the same number as the server gives.
const NUMBERS = 10n ** 12n;

export function receiptNumber(id) {
  const number = BigInt(`0x${id.replaceAll("-", "")}`) % NUMBERS;
  return number.toString().padStart(12, "0").replace(/(\d{4})(?=\d)/g, "$1 ");
}
