// Chosen or dropped files go off at once, each by itself with its own progress, and the good ones stay when others are
// refused. Without this script they go with their form. The server checks everything again.
document.addEventListener("DOMContentLoaded", () => {
  const inWords = (bytes) => (bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);
  const make = (name, className, text = "") => Object.assign(document.createElement(name), { className, textContent: text });
  const waiting = [];
  let isUnderWay = false;
  // A form that was sent off while files were under way: it goes when all are through, unless one was refused.
  let held = null;

  document.querySelectorAll("[data-without-script]").forEach((element) => element.remove());
  document.querySelectorAll("[data-upload-to]").forEach(enhance);
  new Set([...document.querySelectorAll("[data-upload-to]")].map((zone) => zone.closest("form"))).forEach(hold);
  // A file that is dropped beside its place must not replace the page.
  ["dragover", "drop"].forEach((name) => document.addEventListener(name, (event) => event.preventDefault()));
  window.addEventListener("beforeunload", (event) => {
    if (isUnderWay || waiting.length) event.preventDefault();
  });

  function enhance(zone) {
    const input = zone.querySelector("input[type=file]");
    const group = zone.closest(".usa-form-group");
    const place = {
      address: zone.dataset.uploadTo,
      kind: zone.dataset.kind,
      token: zone.closest("form").querySelector("[name=csrfmiddlewaretoken]").value,
      most: Number(input.dataset.mostBytes),
      endings: input.accept.split(","),
      list: group.querySelector("[data-uploads]"),
      attached: group.querySelector("[data-attached]"),
      said: group.querySelector("[data-said]"),
      counts: { attached: 0, refused: 0, left: 0 },
    };

    zone.querySelector("[data-drop-hint]").hidden = false;
    input.addEventListener("change", () => {
      take(place, [...input.files]);
      input.value = "";
    });
    let inside = 0;
    const lit = (by) => zone.classList.toggle("register-drop--over", (inside += by) > 0);
    zone.addEventListener("dragenter", () => lit(1));
    zone.addEventListener("dragleave", () => lit(-1));
    zone.addEventListener("drop", (event) => {
      inside = 0;
      lit(0);
      take(place, filesOf(event.dataTransfer));
    });
  }

  // In the capture phase and no further: nothing else may take the form for sent.
  function hold(form) {
    // Where the button is, for everybody to see: a button that seems to do nothing is pressed again.
    const note = make("p", "register-held");
    note.setAttribute("role", "status");
    form.querySelector("button[type=submit]")?.closest(".register-actions")?.after(note);
    form.addEventListener("submit", (event) => {
      if (!isUnderWay && !waiting.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      held = { form, submitter: event.submitter, note };
      note.textContent = "Files are still on their way. The page goes on by itself when they are attached.";
      event.submitter?.setAttribute("aria-busy", "true");
    }, { capture: true });
  }

  function letGo({ isGood }) {
    if (!held || (isGood && (isUnderWay || waiting.length))) return;
    const { form, submitter, note } = held;
    held = null;
    submitter?.removeAttribute("aria-busy");
    note.textContent = isGood ? "" : "Not every file was attached: see above. Then press the button again.";
    if (isGood) form.requestSubmit(submitter);
  }

  // A folder comes as a file without content that cannot be read.
  function filesOf(transfer) {
    const entries = [...transfer.items].map((item) => [item.getAsFile(), item.webkitGetAsEntry?.()]);
    return entries.filter(([file, entry]) => file && !entry?.isDirectory).map(([file]) => file);
  }

  function take(place, files) {
    if (!files.length) {
      place.said.textContent = "No file was dropped. Open the folder and choose the files in it.";
      return;
    }
    place.counts.left += files.length;
    files.forEach((file) => {
      const upload = row(place, file);
      const objection = objectionTo(place, file);
      if (objection) finish(upload, objection, { isGood: false });
      else waiting.push(upload);
    });
    next();
  }

  function objectionTo(place, file) {
    if (file.size > place.most) return `${file.name} is larger than ${inWords(place.most)}. Make it smaller, or split it into several files.`;
    if (file.size === 0) return `${file.name} is empty. Choose the file again.`;
    if (!place.endings.some((ending) => file.name.toLowerCase().endsWith(ending))) {
      return `${file.name} is not a PDF, JPEG, PNG or Word (DOCX) file. Save it as one of these.`;
    }
    return "";
  }

  function row(place, file) {
    const item = make("li", "register-upload");
    const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    const state = make("span", "register-small", "waiting");
    const button = Object.assign(make("button", "usa-button usa-button--unstyled", "Cancel"), { type: "button" });
    button.append(make("span", "usa-sr-only", ` ${file.name}`));
    bar.setAttribute("aria-label", file.name);
    item.append(make("span", "register-breaks", `${file.name} (${inWords(file.size)})`), bar, state, button);
    place.list.append(item);
    place.list.hidden = false;
    const upload = { place, file, item, bar, state, button, request: null };
    button.addEventListener("click", () => stop(upload));
    return upload;
  }

  // One at a time: each answer is the list of all files, and an older one must not come last.
  function next() {
    if (!isUnderWay && waiting.length) send(waiting.shift());
  }

  function send(upload) {
    const { place, file, bar, state } = upload;
    const request = new XMLHttpRequest();
    const body = new FormData();
    isUnderWay = true;
    upload.request = request;
    body.append("kind", place.kind);
    body.append("file", file);
    request.open("POST", place.address);
    request.setRequestHeader("X-CSRFToken", place.token);
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.floor((event.loaded / event.total) * 100);
      bar.value = percent;
      state.textContent = percent < 100 ? `${percent} %` : "being checked";
    });
    const ended = (...result) => {
      isUnderWay = false;
      finish(upload, ...result);
      next();
      letGo(result[1]);
    };
    request.addEventListener("load", () => ended(...understood(upload, request)));
    request.addEventListener("error", () => ended(`${file.name} did not arrive: the connection broke off.`, { isGood: false, again: true }));
    request.addEventListener("abort", () => {
      isUnderWay = false;
      next();
      letGo({ isGood: false });
    });
    request.send(body);
  }

  function understood({ place, file }, request) {
    let answer = null;
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      const why = request.responseURL.includes("/login/")
        ? "you are signed out. Sign in in another tab, then try again."
        : "the register could not take it. Try again.";
      return [`${file.name} was not attached: ${why}`, { isGood: false, again: true }];
    }
    if (answer.list !== undefined) place.attached.innerHTML = answer.list;
    return [answer.said, { isGood: request.status === 200 }];
  }

  function finish(upload, said, { isGood, again = false }) {
    const { place, item, bar, state, button } = upload;
    place.counts.left -= 1;
    place.counts[isGood ? "attached" : "refused"] += 1;
    if (isGood) {
      item.remove();
    } else {
      item.classList.add("register-upload--refused");
      bar.remove();
      state.className = "usa-error-message";
      state.textContent = said;
      item.firstChild.hidden = true;
      button.replaceWith(choice(upload, "Dismiss", () => leave(upload)));
      if (again) {
        item.append(choice(upload, "Try again", () => {
          leave(upload);
          place.counts.refused -= 1;
          take(place, [upload.file]);
        }));
      }
    }
    tidy(place);
    tell(place, said);
  }

  function choice({ file }, word, act) {
    const button = Object.assign(make("button", "usa-button usa-button--unstyled", word), { type: "button" });
    button.append(make("span", "usa-sr-only", ` ${file.name}`));
    button.addEventListener("click", act);
    return button;
  }

  function stop(upload) {
    const at = waiting.indexOf(upload);
    if (at >= 0) waiting.splice(at, 1);
    else upload.request?.abort();
    upload.place.counts.left -= 1;
    leave(upload);
    tell(upload.place, `${upload.file.name} was cancelled.`);
  }

  // The button that was pressed goes away with its row: the field is the next place to be.
  function leave({ place, item }) {
    const hadFocus = item.contains(document.activeElement);
    item.remove();
    tidy(place);
    if (hadFocus) place.list.closest(".usa-form-group").querySelector("input[type=file]").focus();
  }

  function tidy(place) {
    place.list.hidden = !place.list.children.length;
  }

  // One sentence when all are through, not one for each of fifty.
  function tell(place, said) {
    const { attached, refused, left } = place.counts;
    if (left > 0) return;
    const both = `${attached} attached, ${refused} not attached.`;
    place.said.textContent = attached + refused === 1 ? said : both;
    place.counts = { attached: 0, refused: 0, left: 0 };
  }
});
