// The keys of the page on which articles are judged. Without this script its buttons do the same.
"use strict";
const box = document.getElementById("keys");
if (box) {
  try {
    box.checked = localStorage.getItem("keys") !== "off";
    box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
  } catch {
    // a browser that keeps nothing: the keys are on
  }
  box.closest("[hidden]").hidden = false;
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || (box && !box.checked)) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  const found = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!found) return;
  event.preventDefault();
  document.querySelectorAll("[data-key]").forEach((each) => each.removeAttribute("data-key")); // a key counts once
  found.click();
});
