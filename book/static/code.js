// Code far from the window is not laid out (code.css). Whether it scrolls, and keys must reach it, shows when it comes
// near; the theme asks before.
document.addEventListener(
  "contentvisibilityautostatechange",
  ({ target, skipped }) => {
    if (!skipped) target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1;
  },
  true,
);
