// The page is whole without this: it adds a button that copies a command or a
// statement, and opens on paper what is folded on the screen.
if (navigator.clipboard) {
  for (const code of document.querySelectorAll("pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.innerText);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    const frame = document.createElement("div");
    frame.className = "copy";
    code.replaceWith(frame);
    frame.append(code, button);
  }
}
const folded = [...document.querySelectorAll("details:not([open])")];
addEventListener("beforeprint", () => folded.forEach((d) => (d.open = true)));
addEventListener("afterprint", () => folded.forEach((d) => (d.open = false)));
