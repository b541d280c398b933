// What is far from the window is not laid out (code.css). Which of its code scrolls, and keys must reach it, shows when it
// comes near; the theme asks before.
document.addEventListener(
  "contentvisibilityautostatechange",
  ({ target, skipped }) => {
    if (skipped) return;
    const boxes = target.matches("pre") ? [target] : target.querySelectorAll("pre");
    for (const box of boxes) box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
  },
  true,
);
