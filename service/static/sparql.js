// Opens the query in an editor when somebody asks for it: before that, nothing of the editor is loaded.
"use strict";
(() => {
  const open = document.getElementById("open-editor");
  if (!open) return;
  const field = document.getElementById("query");
  const form = field.form;
  const place = document.getElementById("editor");
  const { script, styles, failed } = open.dataset;
  open.hidden = false;

  const loaded = (tag, values) =>
    new Promise((resolve, reject) => {
      const made = Object.assign(document.createElement(tag), values);
      made.addEventListener("load", resolve);
      made.addEventListener("error", reject);
      document.head.append(made);
    });
  const prefixes = () =>
    [...document.getElementById("prefixes").textContent.matchAll(/PREFIX (\S+: <[^>]*>)/g)].map((one) => one[1]);

  // The library's own way of declaring a prefix on use waits, and then declares it twice when one types fast.
  const declare = (editor) => {
    const doc = editor.getDoc();
    const { line, ch } = doc.getCursor();
    const before = doc.getLine(line).slice(0, ch);
    const name = /(?:^|[\s({|/^])([A-Za-z][\w-]*):$/.exec(before)?.[1];
    if (!name || /PREFIX\s+\S*$/i.test(before) || editor.getPrefixesFromQuery()[name]) return;
    const found = prefixes().find((one) => one.startsWith(`${name}: `));
    if (found) editor.addPrefixes(found);
  };

  const edit = () => {
    const { Yasqe } = window;
    const onInitialize = (editor) => editor.on("change", () => declare(editor));
    Yasqe.forkAutocompleter("prefixes", { name: "ours", persistenceId: null, get: prefixes, onInitialize });
    const leave = { Tab: false, "Shift-Tab": false, "Ctrl-S": false, "Ctrl-/": false };
    const run = () => form.requestSubmit();
    place.hidden = false;
    const editor = new Yasqe(place, {
      value: field.value,
      autocompleters: ["ours", "variables"],
      persistenceId: null,
      consumeShareLink: null,
      createShareableLink: null,
      showQueryButton: false,
      resizeable: false,
      lineWrapping: true,
      highlightSelectionMatches: false,
      prefixCcApi: null,
      requestConfig: { endpoint: form.action },
      extraKeys: { ...Yasqe.defaults.extraKeys, ...leave, "Ctrl-Enter": run, "Cmd-Enter": run },
    });
    const input = editor.getInputField();
    input.setAttribute("aria-label", open.dataset.label);
    input.setAttribute("aria-describedby", "editor-note");
    // A long query is scrolled with the keyboard, too.
    const scrolled = place.querySelector(".CodeMirror-scroll");
    scrolled.tabIndex = 0;
    scrolled.setAttribute("role", "group");
    scrolled.setAttribute("aria-label", open.dataset.label);
    editor.on("change", () => {
      field.value = editor.getValue();
    });
    form.addEventListener("submit", () => {
      field.value = editor.getValue();
    });
    field.closest(".field").hidden = true;
    open.hidden = true;
    const { line, column } = field.dataset;
    if (line) {
      const at = { line: line - 1, ch: Math.max(0, column - 1) };
      const end = { line: at.line, ch: at.ch + 1 };
      editor.addLineClass(at.line, "background", "fault-line");
      editor.getDoc().markText(at, end, { className: "fault-place" });
      editor.getDoc().setCursor(at);
    }
    editor.refresh();
    editor.focus();
    place.dataset.ready = "true";
  };
  open.addEventListener("click", async () => {
    open.disabled = true;
    try {
      await Promise.all([
        loaded("link", { rel: "stylesheet", href: styles }),
        loaded("link", { rel: "stylesheet", href: "/static/editor.css" }),
        loaded("script", { src: script }),
      ]);
      edit();
    } catch {
      document.getElementById("editor-note").textContent = failed;
      field.focus();
    }
  });
})();
