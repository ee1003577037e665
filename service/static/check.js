// Tries a dropped file without leaving the page, and publishes it with a token. The form tries files without
// this, too. The token is sent in the header of one request, and is never put into an address or kept.
"use strict";
(() => {
  const form = document.getElementById("try");
  const file = document.getElementById("file");
  const working = document.getElementById("working");
  const filled = (words, values) => words.replace(/\{(\w+)\}/g, (whole, key) => String(values[key] ?? whole));

  document.getElementById("drop-note").hidden = false;
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
  }
  form.addEventListener("dragleave", (event) => form.contains(event.relatedTarget) || form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    file.files = event.dataTransfer.files;
    file.dispatchEvent(new Event("change"));
  });

  form.addEventListener("submit", async (event) => {
    // A download is the browser's own business; the file stays chosen.
    if (event.submitter && event.submitter.value === "download") return;
    event.preventDefault();
    working.textContent = form.dataset.working;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form, event.submitter),
        headers: { Accept: "text/html" },
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById("outcome") || page.querySelector(".problem");
      document.getElementById("outcome").replaceChildren(...(found ? [...found.cloneNode(true).childNodes] : []));
      working.textContent = found ? "" : form.dataset.failed;
      document.getElementById("found")?.focus();
    } catch {
      working.textContent = form.dataset.failed;
    }
  });

  const publish = document.getElementById("publish");
  const token = document.getElementById("token");
  const confirm = document.getElementById("confirm");
  const said = document.getElementById("published");
  publish.hidden = false;
  const say = (...texts) => {
    said.replaceChildren(
      ...texts.filter(Boolean).map((text) => {
        const line = document.createElement("p");
        line.append(text);
        return line;
      }),
    );
  };
  const link = (address, text) => {
    const made = document.createElement("a");
    made.href = address;
    made.textContent = text;
    return made;
  };
  const words = publish.dataset;
  const lang = words.lang;

  const send = async (confirmed) => {
    confirm.hidden = true;
    const chosen = file.files[0];
    if (!chosen) return say(words.noFile);
    if (!token.value.trim()) return say(words.noToken);
    const ending = chosen.name.slice(chosen.name.lastIndexOf(".")).toLowerCase();
    const asked = new URLSearchParams({ tier: document.getElementById("tier").value, lang });
    if (confirmed) asked.set("confirm", "removal");
    say(words.working);
    let answer;
    let told;
    try {
      answer = await fetch(`/graphs?${asked}`, {
        method: "PUT",
        body: chosen,
        credentials: "omit",
        headers: {
          Accept: "application/json",
          Authorization: `Bearer ${token.value.trim()}`,
          "Content-Type": JSON.parse(words.media)[ending] || "application/octet-stream",
        },
      });
      told = await answer.json();
    } catch {
      return say(words.failed);
    }
    if (answer.ok) {
      token.value = "";
      const values = { generation: told.generation };
      return say(filled(told.changed ? words.done : words.same, values), link(`/publications/${told.generation}?lang=${lang}`, words.see));
    }
    const lines = (told.errors || []).slice(0, 20).map((one) => {
      const where = one.where && one.where.cell ? `${one.where.sheet || ""}!${one.where.cell}: ` : "";
      return `${where}${one[`message_${lang}`]} ${one[`hint_${lang}`]}`;
    });
    const found = ((told.report && told.report.findings) || []).slice(0, 20).map((one) => {
      const where = one.where && one.where.cell ? `${one.where.sheet || ""}!${one.where.cell}: ` : "";
      return `${one.rule}: ${where}${(one.messages || {})[lang] || one[`message_${lang}`] || ""}`;
    });
    confirm.hidden = !(answer.status === 409 && (told.type || "").endsWith("/removes-much"));
    const detail = lines.length ? "" : told.detail;
    say(`${told.title} (${answer.status})`, detail, ...lines, ...found);
  };
  publish.addEventListener("submit", (event) => {
    event.preventDefault();
    send(false);
  });
  confirm.addEventListener("click", () => send(true));
  file.addEventListener("change", () => {
    confirm.hidden = true;
    working.textContent = file.files.length ? filled(form.dataset.chosen, { name: file.files[0].name }) : "";
  });
  addEventListener("pagehide", () => {
    token.value = "";
  });
})();
