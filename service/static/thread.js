// Emphasises the path through one element of a chain, and saves the picture as PNG. The page can be read
// without it: everything here repeats what the links and tables already hold.
"use strict";
(() => {
  const picture = document.querySelector("svg.chain[role=group]");
  if (!picture) return;
  const nodes = [...picture.querySelectorAll("a[data-n]")];
  const paths = [...picture.querySelectorAll("path[data-a]")];
  const byNumber = new Map(nodes.map((node) => [node.dataset.n, node]));
  const effects = new Map();
  const causes = new Map();
  const governed = new Map();
  const above = new Map();
  const add = (map, key, value) => {
    if (!map.has(key)) map.set(key, new Set());
    map.get(key).add(value);
  };
  for (const path of paths) {
    const causal = path.classList.contains("causal") || path.classList.contains("core");
    add(causal ? effects : governed, path.dataset.a, path.dataset.b);
    add(causal ? causes : above, path.dataset.b, path.dataset.a);
  }

  const reached = (start, onwards) => {
    const found = new Set(start);
    const waiting = [...start];
    while (waiting.length) {
      for (const next of onwards.get(waiting.pop()) || []) {
        if (!found.has(next)) {
          found.add(next);
          waiting.push(next);
        }
      }
    }
    return found;
  };

  const said = document.getElementById("path");
  const nameOf = (node) => node.querySelector("text.label").textContent.trim().replace(/\s+/g, " ");
  let shown = null;
  const show = (node) => {
    if (shown === node) return;
    shown = node;
    picture.classList.toggle("tracing", node !== null);
    if (node === null) {
      for (const one of picture.querySelectorAll(".on-path")) one.classList.remove("on-path");
      said.textContent = said.dataset.none;
      return;
    }
    // What else an objective governs is not led to by the work that serves it.
    const up = reached(reached([node.dataset.n], causes), above);
    const down = reached(reached([node.dataset.n], governed), effects);
    for (const one of nodes) {
      one.classList.toggle("on-path", up.has(one.dataset.n) || down.has(one.dataset.n));
    }
    for (const path of paths) {
      const { a, b } = path.dataset;
      path.classList.toggle("on-path", (up.has(a) && up.has(b)) || (down.has(a) && down.has(b)));
    }
    const words = { name: nameOf(node), before: up.size - 1, after: down.size - 1 };
    said.textContent = said.dataset.words.replace(/\{(\w+)\}/g, (whole, key) => String(words[key] ?? whole));
  };
  said.textContent = said.dataset.none;

  const focused = () => (picture.contains(document.activeElement) ? document.activeElement.closest("a[data-n]") : null);
  picture.addEventListener("focusin", (event) => show(event.target.closest("a[data-n]")));
  picture.addEventListener("focusout", (event) => picture.contains(event.relatedTarget) || show(null));
  picture.addEventListener("pointerover", (event) => show(event.target.closest("a[data-n]") || focused()));
  picture.addEventListener("pointerleave", () => show(focused()));

  const first = (number, ...sides) => {
    const numbers = sides.flatMap((side) => [...(side.get(number) || [])]);
    return byNumber.get(numbers.sort((one, other) => one - other)[0]);
  };
  const inColumn = (node, step) => {
    const column = nodes.filter((one) => one.dataset.column === node.dataset.column);
    return column[column.indexOf(node) + step];
  };
  picture.addEventListener("keydown", (event) => {
    const node = event.target.closest("a[data-n]");
    if (!node || event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = {
      ArrowRight: () => first(node.dataset.n, effects, governed),
      ArrowLeft: () => first(node.dataset.n, causes, above),
      ArrowDown: () => inColumn(node, 1),
      ArrowUp: () => inColumn(node, -1),
    };
    if (event.key === "Escape") show(null);
    if (!steps[event.key]) return;
    event.preventDefault();
    const next = steps[event.key]();
    if (!next) return;
    next.focus({ preventScroll: true });
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    next.scrollIntoView({ block: "nearest", inline: "nearest", behavior: still ? "auto" : "smooth" });
  });

  const button = document.getElementById("png");
  if (!button) return;
  const LARGEST = 16000;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const image = new Image();
    image.src = button.dataset.source;
    await image.decode();
    const scale = Math.min(2, LARGEST / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = "thread.png";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }, "image/png");
  });
})();
