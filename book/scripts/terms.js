// A term of the glossary shows its definition, and a bound number where it comes from, while the pointer or the keyboard is
// on it. Escape closes it.
(() => {
  const here = document.currentScript.src;
  const box = document.createElement("div");
  box.id = "term-definition";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  document.body.append(box);
  let shown = null, wanted = null, timer = 0, definitions = null;

  // A page opened from disk may load a script, but no data.
  const load = () => definitions ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = here.replace(/terms\.js.*/, "definitions.js");
    script.onload = () => resolve(window.bookDefinitions);
    script.onerror = reject;
    document.head.append(script);
  });

  const hide = () => {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = wanted = null;
    box.hidden = true;
  };

  const show = async term => {
    clearTimeout(timer);
    if (term === shown) return;
    hide();
    wanted = term;
    const text = term.dataset.says ?? (await load())[term.hash.slice(1)];
    if (wanted !== term || !text) return;
    shown = term;
    box.textContent = text;
    box.hidden = false;
    term.setAttribute("aria-describedby", box.id);
    const at = term.getClientRects()[0], root = document.documentElement;
    const left = Math.max(8, Math.min(at.left, root.clientWidth - box.offsetWidth - 8));
    const above = at.bottom + box.offsetHeight + 8 > innerHeight && at.top > box.offsetHeight + 8;
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(above ? at.top - box.offsetHeight - 4 : at.bottom + 4) + scrollY}px`;
  };

  const later = (action, wait) => { clearTimeout(timer); timer = setTimeout(action, wait); };
  document.addEventListener("pointerover", event => {
    const term = event.target.closest("a.term, a.bound-number");
    if (event.pointerType === "touch") return;  // a tap follows the link
    if (term) later(() => show(term), 150);
    else if (event.target === box) clearTimeout(timer);  // it stays while it is pointed at
    else if (shown !== document.activeElement) later(hide, 250);
  });
  document.addEventListener("focusin", event => event.target.matches("a.term, a.bound-number") ? show(event.target) : hide());
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", event => event.key === "Escape" && hide());
})();
