// Loads a laboratory's script when the reader is near it, or when the address names it.
(() => {
  const { src, dataset } = document.currentScript;
  const start = (lab) => {
    near.unobserve(lab);
    if (customElements.get(lab.localName) || document.querySelector(`script[data-lab="${lab.localName}"]`)) return;
    const script = document.createElement("script");
    script.src = src.replace(/loader\.js.*/, `${lab.localName}.js?v=${dataset.version}`);
    script.dataset.lab = lab.localName;
    document.head.append(script);
  };
  const near = new IntersectionObserver(
    (entries) => entries.forEach((entry) => entry.isIntersecting && start(entry.target)),
    { rootMargin: "600px" },
  );
  const labs = document.querySelectorAll(dataset.labs);
  labs.forEach((lab) => near.observe(lab));
  // A link to an experiment: #NAME?STATE.
  const named = () => {
    const place = location.hash.slice(1).split("?")[0];
    labs.forEach((lab) => lab.id === place && (start(lab), lab.scrollIntoView()));
  };
  named();
  addEventListener("hashchange", named);
})();
