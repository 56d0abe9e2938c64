document.documentElement.lang = "en";
document.querySelector("meta[name=viewport]").setAttribute("content", "width=device-width, initial-scale=1");
try {
  const kept = window.localStorage.getItem("rigshare-dark");
  const dark = kept === null ? window.matchMedia("(prefers-color-scheme: dark)").matches : kept === "1";
  document.body.classList.toggle("rs-dark", dark);
} catch (error) {
  console.info("no storage: the theme is not remembered");
}
fetch(window.solara.cdn + "/echarts@5.4.0/dist/echarts.js").catch(() => console.info("charts come later"));
