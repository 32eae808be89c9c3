"use strict";

// A band of the windows that a model scored, under their video, and boxes on the faces in it while it plays.
const SVG_NAMESPACE = "http://www.w3.org/2000/svg";
const MILLISECOND = 0.001;
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

const made = (kind, className, text = "") => {
  const part = document.createElement(kind);
  part.className = className;
  part.textContent = text;
  return part;
};

const shape = (kind, attributes) => {
  const part = document.createElementNS(SVG_NAMESPACE, kind);
  for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
  return part;
};

const clock = (seconds) => {
  const tenths = Math.round(10 * seconds);
  const [hours, minutes, rest] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60, tenths % 600];
  const second = `${String(Math.floor(rest / 10)).padStart(2, "0")}${rest % 10 ? `.${rest % 10}` : ""}`;
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${second}` : `${minutes}:${second}`;
};

const inWords = (window) => {
  const faces = window.faces.map((face) => `face ${face.face}: ${face.probability.toFixed(2)}`);
  const scores = faces.length > 1 ? ` (${faces.join(", ")})` : "";
  return `${clock(window.start_s)} to ${clock(window.end_s)}, ${window.probability.toFixed(2)}${scores}`;
};

// The box of a face in the sampled frame nearest to a time.
const boxAt = (face, time) => {
  const apart = face.times_s.map((each) => Math.abs(each - time));
  return face.boxes[apart.indexOf(Math.min(...apart))];
};

const drawBoxes = (layer, windows, time, threshold) => {
  const window = windows.find((each) => each.start_s <= time && time < each.end_s);
  layer.replaceChildren(...(window ? window.faces : []).map((face) => {
    const [left, top, right, bottom] = boxAt(face, time);
    const box = made("div", `face-box${face.probability >= threshold ? " leaning" : ""}`);
    const sides = { left, top, width: right - left, height: bottom - top };
    for (const [side, share] of Object.entries(sides)) box.style[side] = `${100 * share}%`;
    box.append(made("span", "", `face ${face.face}: ${face.probability.toFixed(2)}`));
    return box;
  }));
};

const drawBand = (windows, threshold, duration) => {
  const band = shape("svg", { viewBox: `0 0 ${duration} 1`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const bars = windows.map((window) => shape("rect", {
    class: window.probability >= threshold ? "leaning" : "",
    x: window.start_s,
    width: Math.max(window.end_s - window.start_s, 0),
    y: 1 - Math.max(window.probability, 0.04),
    height: Math.max(window.probability, 0.04),
  }));
  const limit = shape("line", { class: "limit", x1: 0, x2: duration, y1: 1 - threshold, y2: 1 - threshold });
  const place = shape("line", { class: "place", x1: 0, x2: 0, y1: 0, y2: 1 });
  band.append(...bars, limit, place);
  return { band, bars, place };
};

// Removes what `showWindows` has added to `root`; what is added next listens until it is removed, too.
const hideWindows = (root) => {
  root.listening?.abort();
  root.listening = new AbortController();
  root.querySelectorAll(".windows, .face-boxes").forEach((part) => part.remove());
  return root.listening;
};

// Fills `root`, which holds `video`; `played` is the part of the whole video that it has, in seconds.
const showWindows = (root, video, { windows, spans, threshold, duration, played }) => {
  const { signal } = hideWindows(root);
  const layer = made("div", "face-boxes");
  layer.setAttribute("aria-hidden", "true");
  video.parentElement.append(layer);
  const block = made("div", "windows");
  // While the video plays, its windows are not announced.
  block.setAttribute("aria-live", "off");
  root.append(block);
  const slider = made("div", "band");
  const { band, bars, place } = drawBand(windows, threshold, duration);
  slider.append(band);
  const told = made("p", "selected");
  const attributes = {
    role: "slider", tabindex: 0, "aria-label": "Windows of the video", "aria-valuemin": 1, "aria-valuemax": windows.length,
  };
  for (const [name, value] of Object.entries(attributes)) slider.setAttribute(name, value);
  let selected = -1;

  const tell = (words) => {
    told.textContent = words;
    slider.setAttribute("aria-valuetext", words);
  };

  const select = (index) => {
    if (index === selected || !windows[index]) return;
    bars[selected]?.classList.remove("selected");
    selected = index;
    bars[selected].classList.add("selected");
    slider.setAttribute("aria-valuenow", index + 1);
    tell(inWords(windows[index]));
  };
  const seek = (time) => {
    const there = time >= played.start && time < played.end;
    // Not at the very start, which rounding would put into the window before.
    if (there) video.currentTime = time - played.start + MILLISECOND;
    else tell(`${inWords(windows[selected])}; this part is not in the preview`);
  };
  const go = (index) => {
    select(Math.min(Math.max(index, 0), windows.length - 1));
    seek(windows[selected].start_s);
  };
  const follow = () => {
    const time = video.currentTime + played.start;
    place.setAttribute("x1", time);
    place.setAttribute("x2", time);
    select(windows.findIndex((window) => window.start_s <= time && time < window.end_s));
    drawBoxes(layer, windows, time, threshold);
  };
  const play = () => {
    follow();
    if (!video.paused && layer.isConnected) requestAnimationFrame(play);
  };

  slider.addEventListener("click", (event) => {
    const { left, width } = slider.getBoundingClientRect();
    const time = ((event.clientX - left) / width) * duration;
    go(windows.findLastIndex((window) => window.start_s <= time));
  });
  slider.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { ...KEYS, Home: -windows.length, End: windows.length }[event.key];
    if (!steps) return;
    event.preventDefault();
    go(selected + steps);
  });
  for (const kind of ["seeked", "loadeddata", "timeupdate"]) video.addEventListener(kind, follow, { signal });
  video.addEventListener("play", play, { signal });
  const list = made("ol", "spans");
  list.append(...spans.map((span) => {
    const line = made("li", "");
    const button = made("button", "", span.words);
    button.type = "button";
    button.addEventListener("click", () => go(windows.findIndex((window) => window.start_s >= span.start_s)));
    line.append(button);
    return line;
  }));
  const ends = made("p", "ends");
  ends.append(made("span", "", clock(0)), made("span", "", clock(duration)));
  const note = "A bar for each window: its probability of fake, as if it was a video of its own. The line is the threshold.";
  block.append(slider, ends, told, made("p", "muted small", note));
  if (spans.length) block.append(made("h3", "", "Leans to fake"), list);
  select(Math.max(windows.findIndex((window) => window.probability === Math.max(...windows.map((each) => each.probability))), 0));
};
