// Suggestions while typing, as a list the browser shows; without this script the search is the same.
for (const field of document.querySelectorAll("input[data-vorschlaege]")) {
  const list = document.createElement("datalist");
  list.id = field.id + "-vorschlaege";
  field.after(list);
  field.setAttribute("list", list.id);
  let waiting;
  let asked = "";
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, 200);
  });

  async function suggest() {
    const typed = field.value.trim();
    if (typed.length < 2 || typed.length > 100 || typed === asked) return;
    asked = typed;
    try {
      const answer = await fetch(field.dataset.vorschlaege + "?q=" + encodeURIComponent(typed));
      const found = await answer.json();
      if (asked !== typed || !Array.isArray(found)) return;
      list.replaceChildren(...found.map((text) => new Option(text, text)));
    } catch {
      list.replaceChildren();
    }
  }
}
