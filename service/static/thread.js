// Emphasises the path through one element of a chain, and saves the picture as PNG. The page can be read
// without it: everything here repeats what the links and tables already hold.
"use strict";
(() => {
  const picture = document.querySelector("svg.chain[role=group]");
  if (!picture) return;
  const nodes = [...picture.querySelectorAll("a[data-n]")];
  const paths = [...picture.querySelectorAll("path[data-a]")];
  const byNumber = new Map(nodes.map((node) => [node.dataset.n, node]));
  const after = new Map();
  const before = new Map();
  const add = (map, key, value) => {
    if (!map.has(key)) map.set(key, new Set());
    map.get(key).add(value);
  };
  for (const path of paths) {
    add(after, path.dataset.a, path.dataset.b);
    add(before, path.dataset.b, path.dataset.a);
  }

  const reached = (start, onwards) => {
    const found = new Set([start]);
    const waiting = [start];
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
    const up = reached(node.dataset.n, before);
    const down = reached(node.dataset.n, after);
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

  const first = (numbers) => byNumber.get([...(numbers || [])].sort((one, other) => one - other)[0]);
  const inColumn = (node, step) => {
    const column = nodes.filter((one) => one.dataset.column === node.dataset.column);
    return column[column.indexOf(node) + step];
  };
  picture.addEventListener("keydown", (event) => {
    const node = event.target.closest("a[data-n]");
    if (!node || event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = {
      ArrowRight: () => first(after.get(node.dataset.n)),
      ArrowLeft: () => first(before.get(node.dataset.n)),
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
