// A click or tap on a figure shows it as large as the window; a button does the same for who has no pointer.
(() => {
  const dialog = document.createElement("dialog");
  dialog.className = "enlarged";
  dialog.addEventListener("click", () => dialog.close());

  const enlarge = (picture) => {
    const shown = picture.querySelector("img");
    const large = document.createElement("img");
    // The layout for phones, which is on the page already, or the wide one: whatever this window shows.
    large.src = shown.currentSrc || shown.src;
    large.alt = shown.alt;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    dialog.setAttribute("aria-label", "Enlarged figure");
    dialog.replaceChildren(large, close);
    dialog.showModal();
  };

  const visible = (figure) =>
    [...figure.querySelectorAll(".figure-image picture")].find((picture) => picture.getClientRects().length);

  document.body.append(dialog);
  for (const picture of document.querySelectorAll(".figure-image picture")) {
    picture.addEventListener("click", () => enlarge(picture));
  }
  for (const caption of document.querySelectorAll("div.cell_output figcaption")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "enlarge";
    button.textContent = "Enlarge";
    button.addEventListener("click", () => enlarge(visible(caption.closest("figure"))));
    caption.append(button);
  }
})();
