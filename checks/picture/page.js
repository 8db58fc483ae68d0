// Filter: what does not hold the words is hidden. Links open the account they point at.
const find = document.getElementById("find");
const count = document.getElementById("count");
const things = [...document.querySelectorAll(".found")].map((node) => [node, (node.textContent + " " + (node.title || "")).toLowerCase()]);
find.addEventListener("input", () => {
  const asked = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const [node, text] of things) {
    node.hidden = !asked.every((word) => text.includes(word));
    shown += node.hidden ? 0 : 1;
  }
  count.textContent = asked.length ? `${shown} found` : "";
});
const open = () => {
  const there = location.hash && document.getElementById(location.hash.slice(1));
  if (there && there.tagName === "DETAILS") there.open = true;
};
addEventListener("hashchange", open);
open();
