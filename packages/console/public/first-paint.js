// Runs before the first paint, so that a chosen theme and language do not flash in afterwards.
(() => {
  try {
    const theme = localStorage.getItem("probity-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    const locale = localStorage.getItem("probity-locale");
    if (locale === "en" || locale === "zh-CN") document.documentElement.lang = locale;
  } catch {
    // Without storage the system's theme and the browser's language hold.
  }
})();
