// The document in the language of the page. Streamlit writes some words itself, in English only, and asks the browser
// how numbers and days are written: its words are replaced by ours, and the browser answers in the language of the page.
// Nothing is read from data: words come from the catalogue of the app, and only texts and two attributes are written.
(function () {
  "use strict";
  if (window.riskmapPage) { return; }
  const ATTRIBUTES = ["aria-label", "title"];
  const UNTOUCHED = "input, textarea, script, style, iframe, [data-testid='stIconMaterial'], [contenteditable]";
  const written = new WeakMap();
  const patterns = [];
  let exact = new Map();

  // "{size} per file" becomes an expression with a named group; what it finds fills the same place in our words.
  function pattern(from, to) {
    const escaped = from.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{(\w+)\}/g, "(?<$1>.+?)");
    return { find: new RegExp("^" + escaped + "$"), to };
  }

  function ours(text) {
    const bare = text.trim();
    if (!bare || bare.length > 300) { return null; }
    const known = exact.get(bare);
    if (known !== undefined) { return text.replace(bare, () => known); }
    for (const { find, to } of patterns) {
      const match = find.exec(bare);
      if (match) { return to.replace(/\{(\w+)\}/g, (whole, name) => match.groups[name] || whole); }
    }
    return null;
  }

  // What was there before is kept, so that a page turned back to English has Streamlit's own words again.
  function replace(holder, key, read, write) {
    const kept = written.get(holder) || {};
    const now = read();
    const before = kept[key] && kept[key].after === now ? kept[key].before : now;
    const after = ours(before);
    const wanted = after === null ? before : after;
    if (wanted !== now) { write(wanted); }
    if (after !== null) { kept[key] = { before, after }; } else { delete kept[key]; }
    written.set(holder, kept);
  }

  function textNode(node) {
    const parent = node.parentElement;
    if (!parent || parent.closest(UNTOUCHED)) { return; }
    replace(node, "text", () => node.nodeValue, (value) => { node.nodeValue = value; });
  }

  function attributes(element) {
    ATTRIBUTES.filter((name) => element.hasAttribute(name)).forEach((name) =>
      replace(element, name, () => element.getAttribute(name), (value) => element.setAttribute(name, value)));
  }

  function every(root) {
    if (root.nodeType === Node.TEXT_NODE) { textNode(root); return; }
    if (root.nodeType !== Node.ELEMENT_NODE) { return; }
    attributes(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (walker.currentNode.nodeType === Node.TEXT_NODE) { textNode(walker.currentNode); } else { attributes(walker.currentNode); }
    }
  }

  function speak(told) {
    document.documentElement.lang = told.language;
    exact = new Map();
    patterns.length = 0;
    told.words.forEach(([from, to]) => { if (from.includes("{")) { patterns.push(pattern(from, to)); } else { exact.set(from, to); } });
    every(document.body);
  }

  window.riskmapPage = { speak };
  new MutationObserver((changes) => changes.forEach((change) => {
    if (change.type === "characterData") { textNode(change.target); }
    else if (change.type === "attributes") { attributes(change.target); }
    else { change.addedNodes.forEach(every); }
  })).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
  if (window.riskmapTold) { speak(window.riskmapTold); }
})();
