// What the pages do beyond HTML; each works without it.
"use strict";

// Dialogs that ask first, opened by what carries data-opens and shut by data-closes.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const closer = event.target.closest("[data-closes]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.opens).showModal();
  } else if (closer) {
    document.getElementById(closer.dataset.closes).close();
  }
});

// A form is sent once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

// Filters apply when they are changed.
document.addEventListener("change", (event) => {
  if (event.target.form && event.target.form.hasAttribute("data-live")) event.target.form.requestSubmit();
});

// What htmx sends carries the token of the page.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = document.querySelector('meta[name="csrf-token"]').content;
});

// Where the menu is wider than the page, the part shown is in sight.
const shown = document.querySelector(".menu [aria-current]");
if (shown) shown.parentElement.scrollLeft = shown.offsetLeft - shown.parentElement.offsetLeft - 16;

// Errors are read first.
document.getElementById("errors")?.focus();
