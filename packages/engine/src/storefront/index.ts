export { renderErrorPage } from "./error-page.ts";
export { renderHowWeRatePage } from "./how-we-rate-page.ts";
export { renderIndexPage } from "./index-page.ts";
export { pickLocale } from "./locale.ts";
export { renderMerchantPage } from "./merchant-page.ts";
export { renderNotFoundPage } from "./not-found-page.ts";
export { merchantPath } from "./paths.ts";
export { toTrustCard } from "./public-card.ts";
export { siteCss, siteCssPath } from "./style.ts";
