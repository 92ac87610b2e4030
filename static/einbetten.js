// Without this script the code is selected and copied by hand; with it, a button does.
for (const area of document.querySelectorAll("textarea.code")) {
  const button = document.createElement("button");
  const status = document.createElement("span");
  button.type = "button";
  button.textContent = "Kopieren";
  status.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    area.select();
    try {
      await navigator.clipboard.writeText(area.value);
      status.textContent = "Kopiert";
    } catch {
      status.textContent = "Bitte mit Strg+C kopieren";
    }
  });
  area.after(button, " ", status);
}
