/** Numbers that are sent as text: to the millimetre, or they would be three times as long. */
export function thousandths(numbers) {
  return numbers.map((number) => Math.round(number * 1000) / 1000);
}
