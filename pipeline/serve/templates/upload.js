"use strict";

const element = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const KINDS = { FAKE: "fail", REAL: "pass", INCONCLUSIVE: "inconclusive" };
let player = "";

const show = (id, shown) => { element(id).hidden = !shown; };
const say = (id, text) => { element(id).textContent = text; };
const sentence = (text) => (text ? `${text[0].toUpperCase()}${text.slice(1)}.` : "");

const drawTimeline = (answer) => {
  const { frame_scores: scores, frame_timestamps_s: times } = answer;
  const svg = element("timeline");
  const top = Math.max(1e-6, answer.frame_score.includes("attention") ? Math.max(...scores) : 1);
  const step = 620 / scores.length;
  const parts = scores.map((score, index) => {
    const bar = document.createElementNS(SVG, "rect");
    const height = Math.max(1.5, (118 * Math.min(score, top)) / top);
    for (const [name, value] of Object.entries({ x: 10 + index * step, y: 122 - height, width: step * 0.8, height })) {
      bar.setAttribute(name, value.toFixed(1));
    }
    bar.setAttribute("class", "timeline-bar");
    return bar;
  });
  const every = Math.ceil(scores.length / 6);
  times.forEach((time, index) => {
    if (index % every) return;
    const text = document.createElementNS(SVG, "text");
    text.setAttribute("x", (10 + index * step).toFixed(1));
    text.setAttribute("y", "142");
    text.textContent = `${time.toFixed(1)} s`;
    parts.push(text);
  });
  svg.replaceChildren(...parts);
  svg.setAttribute("aria-label", `Scores of the frames: ${scores.map((score) => score.toFixed(2)).join(", ")}`);
  say("timeline-caption", `A bar for each frame: ${answer.frame_score}. It is no measure of how forged that frame is.`);
};

const showAnswer = (answer, file) => {
  const scored = answer.probability !== null;
  say("verdict", answer.verdict);
  element("verdict").className = KINDS[answer.verdict] ?? "";
  say("words", scored ? `${answer.uri}: ${answer.in_words}.` : `${answer.uri}: ${answer.in_words}, ${answer.reason}. ${answer.detail}`);
  show("numbers", scored);
  element("cautions").replaceChildren(...answer.caution_in_words.map((words) => {
    const line = document.createElement("li");
    line.textContent = `Caution: ${words}.`;
    return line;
  }));
  show("cautions", answer.caution_in_words.length > 0);
  show("timeline-figure", scored && answer.frame_scores.length > 0);
  if (scored) {
    say("probability", answer.probability.toFixed(3));
    say("ranges", sentence(answer.ranges));
    say("test", sentence(answer.test));
    drawTimeline(answer);
  }
  URL.revokeObjectURL(player);
  player = URL.createObjectURL(file);
  element("player").src = player;
  show("player", scored);
};

const showError = (words) => {
  say("verdict", "No answer");
  element("verdict").className = "fail";
  say("words", words);
  for (const id of ["numbers", "cautions", "timeline-figure", "player"]) show(id, false);
};

const upload = (file) => {
  show("result", false);
  const most = Number(element("form").dataset.mostBytes);
  const end = (how, ...what) => {
    how(...what);
    show("progress", false);
    show("result", true);
    element("file").disabled = false;
  };
  if (file.size > most) {
    end(showError, `${file.name} is larger than ${Math.floor(most / 1048576)} MiB.`);
    return;
  }
  const form = new FormData();
  form.append(element("file").name, file);
  const request = new XMLHttpRequest();
  request.open("POST", "score");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => {
    say("stage", event.loaded < event.total ? "Uploading" : "Looking at it");
    if (event.loaded < event.total) element("bar").value = (100 * event.loaded) / event.total;
    else element("bar").removeAttribute("value");
  });
  request.addEventListener("load", () => {
    const answer = request.response;
    if (answer?.verdict) end(showAnswer, answer, file);
    else end(showError, sentence(answer?.error ?? `the service answered ${request.status}`));
  });
  request.addEventListener("error", () => end(showError, "The service cannot be reached, or it broke the upload off."));
  say("stage", "Uploading");
  element("bar").removeAttribute("value");
  show("progress", true);
  element("file").disabled = true;
  request.send(form);
};

element("file").addEventListener("change", (event) => {
  if (event.target.files.length) upload(event.target.files[0]);
});
const drop = document.querySelector(".drop");
for (const [kind, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", over);
    if (kind === "drop" && event.dataTransfer.files.length) upload(event.dataTransfer.files[0]);
  });
}
