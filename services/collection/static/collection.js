// What the applicant's pages do beyond HTML; each works without it.
"use strict";

document.documentElement.classList.add("js");

const csrf = { "X-CSRF-Token": document.querySelector('meta[name="csrf-token"]').content };
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// --- What is entered is saved, one request after the other ---

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const text = form.querySelector("[data-saved-text]");
  const tell = (words) => { if (text) text.textContent = words; };
  let timer, changed = false, stopped = false, saving = null;

  async function save() {
    clearTimeout(timer);
    while (changed && !stopped) {
      changed = false;
      tell(form.dataset.saving);
      const body = new URLSearchParams(new FormData(form));
      body.set("event", "save");
      try {
        const answer = await fetch(form.action, { method: "POST", body, headers: { ...csrf, "X-Save": "1" } });
        if (answer.status === 409) return overtaken();
        if (!answer.ok) throw new Error(String(answer.status));
        const { version } = await answer.json();
        for (const one of document.querySelectorAll('input[name="version"]')) one.value = version;
        if (!changed) tell(form.dataset.saved);
      } catch {
        changed = true;
        tell(form.dataset.unsaved);
        await later(3000);
      }
    }
  }
  function overtaken() {
    stopped = true;
    tell("");
    const banner = document.querySelector("[data-overtaken]");
    banner.hidden = false;
    banner.scrollIntoView({ block: "center" });
  }
  const begin = () => (saving ??= save().finally(() => { saving = null; }));
  const note = (wait) => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(begin, wait);
  };
  form.addEventListener("input", () => note(600));
  form.addEventListener("change", () => note(0));
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    changed = false; // the form itself brings what was entered last
    if (!saving) return;
    event.preventDefault();
    await saving;
    if (!stopped) form.requestSubmit(event.submitter);
  });
}

// --- Pictures: looked at before they are sent, sent in parts, gone on with where the connection broke ---

const PART = 512 * 1024;
const MEASURED_SIDE = 1000;
const told = document.getElementById("told")?.dataset;

// Brightness and sharpness as the service measures them: mean grey, and the variance of its Laplacian.
function measures(bitmap) {
  const scale = Math.min(1, MEASURED_SIDE / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(3, Math.round(bitmap.width * scale)), height = Math.max(3, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const grey = new Float32Array(width * height);
  let sum = 0;
  for (let at = 0; at < grey.length; at++) {
    grey[at] = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
    sum += grey[at];
  }
  let total = 0, squares = 0, count = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const value = grey[at - 1] + grey[at + 1] + grey[at - width] + grey[at + width] - 4 * grey[at];
      total += value;
      squares += value * value;
      count++;
    }
  }
  return { brightness: sum / grey.length, sharpness: squares / count - (total / count) ** 2 };
}

// The code of why a picture would be refused, or nothing.
async function problem(file, wanted) {
  if (file.size > Number(wanted.bytes)) return "tooLarge";
  if (!["image/jpeg", "image/png"].includes(file.type)) return "noPicture";
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return "noPicture";
  }
  try {
    if (Math.min(bitmap.width, bitmap.height) < Number(wanted.side)) return "tooSmall";
    const { brightness, sharpness } = measures(bitmap);
    if (brightness < Number(wanted.darkest)) return "tooDark";
    if (brightness > Number(wanted.brightest)) return "tooBright";
    return sharpness < Number(wanted.sharpness) ? "blurred" : null;
  } finally {
    bitmap.close();
  }
}

for (const card of document.querySelectorAll("[data-slot]")) {
  const { slot, base } = card.dataset;
  const input = card.querySelector('input[type="file"]');
  const text = card.querySelector(".told");
  const bar = card.querySelector("progress");
  const camera = card.querySelector("[data-camera]");
  const choose = card.querySelector("[data-choose]");
  let turn = 0;

  const say = (words, tone = "soft") => {
    text.textContent = words;
    text.className = `told ${tone}`;
  };

  async function send(file) {
    const mine = ++turn;
    bar.hidden = true;
    say(told.checking);
    const wrong = await problem(file, card.dataset);
    if (wrong) return say(told.refused.replace("%", told[wrong]), "bad");
    bar.hidden = false;
    bar.value = 0;
    const id = await sent(file, mine);
    bar.hidden = true;
    if (id) await checked(id, mine);
  }

  // The id of the picture once all of it has come; a broken connection is waited for.
  async function sent(file, mine) {
    const known = `upload:${base}:${slot}:${file.size}:${file.lastModified}`;
    let id = sessionStorage.getItem(known), offset = -1;
    while (mine === turn) {
      try {
        if (!id) {
          const answer = await fetch(`${base}/uploads`, {
            method: "POST", headers: { ...csrf, "Content-Type": "application/json" },
            body: JSON.stringify({ slot, length: file.size }),
          });
          if (answer.status >= 400 && answer.status < 500) return location.reload();
          id = (await answer.json()).upload;
          sessionStorage.setItem(known, id);
          offset = 0;
        }
        if (offset < 0) {
          const answer = await fetch(`${base}/uploads/${id}`, { method: "HEAD" });
          if (answer.status === 404) {
            id = null;
            continue;
          }
          if (!answer.ok) throw new Error(String(answer.status));
          offset = Number(answer.headers.get("Upload-Offset"));
        }
        say(told.sending.replace("%", String(Math.round((100 * offset) / file.size))));
        bar.value = (100 * offset) / file.size;
        const answer = await fetch(`${base}/uploads/${id}`, {
          method: "PATCH", headers: { ...csrf, "Upload-Offset": String(offset) }, body: file.slice(offset, offset + PART),
        });
        if (answer.status === 409) {
          offset = -1;
          await later(300);
          continue;
        }
        if (!answer.ok) throw new Error(String(answer.status));
        offset = Number(answer.headers.get("Upload-Offset"));
        if (offset === file.size) {
          sessionStorage.removeItem(known);
          return id;
        }
      } catch {
        say(told.waiting, "bad");
        offset = id ? -1 : offset;
        await Promise.race([later(2000), new Promise((go) => addEventListener("online", go, { once: true }))]);
      }
    }
    return null;
  }

  async function checked(id, mine) {
    say(told.checking);
    while (mine === turn) {
      try {
        const answer = await fetch(`${base}/pictures/${id}/state`);
        const { status, text: words } = await answer.json();
        if (status !== "RECEIVED") return show(id, status, words);
      } catch {
        say(told.waiting, "bad");
      }
      await later(400);
    }
  }

  function show(id, status, words) {
    say(words, status === "TAKEN" ? "good" : "bad");
    if (status !== "TAKEN") return;
    card.classList.add("done");
    const image = new Image();
    image.src = `${base}/pictures/${id}`;
    image.alt = told.shown + card.querySelector("h2").textContent;
    card.querySelector(".shown").replaceChildren(image);
    choose.textContent = told.again;
  }

  input.addEventListener("change", () => {
    if (input.files.length) send(input.files[0]);
    input.value = "";
  });
  if (card.dataset.state === "RECEIVED") checked(card.dataset.picture, turn);

  if (navigator.mediaDevices?.getUserMedia) {
    camera.hidden = false;
    camera.addEventListener("click", async () => {
      const file = await photographed(card.dataset.facing).catch(() => say(told.camera, "bad"));
      if (file) send(file);
      camera.focus();
    });
  }
}

// A photo from the camera, or nothing where the window was shut.
async function photographed(facing) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: facing, width: { ideal: 2560 }, height: { ideal: 1920 } },
  });
  const dialog = document.getElementById("camera");
  const video = dialog.querySelector("video");
  video.srcObject = stream;
  await video.play();
  dialog.showModal();
  const shutter = dialog.querySelector("[data-shutter]");
  try {
    return await new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(null), { once: true });
      shutter.onclick = () => {
        const canvas = document.createElement("canvas");
        canvas.width = video.videoWidth;
        canvas.height = video.videoHeight;
        canvas.getContext("2d").drawImage(video, 0, 0);
        canvas.toBlob((blob) => resolve(new File([blob], "photo.jpg", { type: "image/jpeg" })), "image/jpeg", 0.92);
      };
    });
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
    if (dialog.open) dialog.close();
  }
}

// --- What is read from a document comes a little after its picture ---

async function readings() {
  const waiting = () => [...document.querySelectorAll('[data-document][data-state="reading"]')];
  while (waiting().length) {
    await later(700);
    let found;
    try {
      found = await (await fetch(`${waiting()[0].dataset.base}/readings`)).json();
    } catch {
      continue;
    }
    for (const card of waiting()) {
      const { state, text, fields } = found[card.dataset.document] ?? {};
      if (!state || state === "reading") continue;
      card.dataset.state = state;
      const message = card.querySelector("[data-read-text]");
      message.textContent = text;
      message.className = `message ${state === "read" ? "good" : "open"}`;
      for (const input of card.querySelectorAll("[data-read]")) {
        if (!input.value) input.value = fields[input.dataset.read] ?? "";
      }
    }
  }
}
readings();
