// Numbers as the explorer writes them: true minus, thin grouping, no blank for "not a number".

/** `value` with `digits` decimals and a true minus. */
export function fixed(value, digits = 2) {
  if (!Number.isFinite(value)) return "not a number";
  if (Math.abs(value) >= 1e6) return significant(value, 3);
  const text = Math.abs(value).toFixed(digits);
  return (value < 0 && Number(text) !== 0 ? "−" : "") + text;
}

/** `value` with `digits` significant digits, in powers of ten below 1e−3 or from 1e6. */
export function significant(value, digits = 3) {
  if (!Number.isFinite(value)) return "not a number";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    const [mantissa, exponent] = size.toExponential(Math.max(0, digits - 2)).split("e");
    return `${value < 0 ? "−" : ""}${mantissa}e${exponent.replace("-", "−").replace("+", "")}`;
  }
  return (value < 0 ? "−" : "") + String(Number(size.toPrecision(digits)));
}

/** Round to `digits` significant digits, as a number. */
export function rounded(value, digits) {
  return Number(Number(value).toPrecision(digits));
}

/** The text of a number field as a number; true minus and decimal comma are understood. */
export function parsed(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}
