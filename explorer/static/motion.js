// Less motion for those who asked for it: nothing starts by itself, play shows two pictures a second.

export const CALM_MS = 500;

/** Whether the system asks for less motion; it can change while the page is open. */
export const calm = () => globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
