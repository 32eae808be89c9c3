const element = (id) => document.getElementById(id);
const KINDS = { FAKE: "fail", REAL: "pass", INCONCLUSIVE: "inconclusive" };
const GROUND = 122;
const HEIGHT = 104;
const LEFT = 10;
const WIDTH = 620;
const LABEL_WIDTH = 90;
const ASK_AGAIN_MS = 500;
const GIVE_UP_AFTER = 20;
let player = "";
// The current request; answers to earlier ones are ignored.
let current = null;

const show = (id, shown) => { element(id).hidden = !shown; };
const say = (id, text) => { element(id).textContent = text; };
const sentence = (text) => (text ? `${text[0].toUpperCase()}${text.slice(1)}.` : "");
const note = (text) => { say("note", text); show("note", text !== ""); };

const drawn = (kind, className, attributes, text = "") => {
  const part = document.createElementNS(SVG_NAMESPACE, kind);
  part.setAttribute("class", className);
  for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value.toFixed(1));
  part.textContent = text;
  return part;
};

const drawTimeline = (answer) => {
  const { frame_scores: scores, frame_timestamps_s: times, threshold } = answer;
  // Attention weights are not probabilities, so no threshold applies to them.
  const shares = answer.frame_score.includes("attention");
  const top = Math.max(1e-6, shares ? Math.max(...scores) : 1);
  const width = shares ? WIDTH : WIDTH - LABEL_WIDTH;
  const step = width / scores.length;
  const height = (score) => (HEIGHT * Math.min(score, top)) / top;
  const parts = scores.map((score, index) => {
    const tall = Math.max(1.5, height(score));
    return drawn("rect", "timeline-bar", { x: LEFT + index * step, y: GROUND - tall, width: step * 0.8, height: tall });
  });
  const every = Math.ceil(scores.length / 6);
  times.forEach((time, index) => {
    if (index % every === 0) parts.push(drawn("text", "", { x: LEFT + index * step, y: 142 }, `${time.toFixed(1)} s`));
  });
  if (!shares) {
    const y = GROUND - height(threshold);
    const label = LEFT + width + 6;
    // Outlined in the paper's colour, so that a thin line is visible on the bars.
    for (const kind of ["halo", "threshold"]) parts.push(drawn("line", kind, { x1: LEFT, x2: label, y1: y, y2: y }));
    parts.push(drawn("text", "label", { x: label + 2, y: y - 3 }, "threshold"));
    parts.push(drawn("text", "label", { x: label + 2, y: y + 18 }, threshold.toFixed(2)));
  }
  const svg = element("timeline");
  svg.replaceChildren(...parts);
  const listed = scores.map((score) => score.toFixed(2)).join(", ");
  svg.setAttribute("aria-label", `Scores of the frames: ${listed}${shares ? "" : `; threshold ${threshold.toFixed(2)}`}`);
  say("timeline-caption", `A bar for each frame: ${answer.frame_score}. It is no measure of how forged that frame is.`);
};

const showAnswer = (answer, file) => {
  const scored = answer.probability !== null;
  const why = scored ? "" : `, ${answer.reason} (${answer.reason_in_words}). ${answer.detail}`;
  say("verdict", answer.verdict);
  element("verdict").className = KINDS[answer.verdict] ?? "";
  say("words", `${answer.uri}: ${answer.in_words}${why || "."}`);
  show("numbers", scored);
  element("cautions").replaceChildren(...answer.caution_in_words.map((words) => {
    const line = document.createElement("li");
    line.textContent = `Caution: ${words}.`;
    return line;
  }));
  show("cautions", answer.caution_in_words.length > 0);
  const several = answer.windows.length > 1;
  show("timeline-figure", scored && !several && answer.frame_scores.length > 0);
  if (scored) {
    say("probability", answer.probability.toFixed(3));
    say("ranges", sentence(answer.ranges));
    say("test", sentence(answer.test));
    say("training", sentence(answer.in_training_in_words));
    drawTimeline(answer);
  }
  URL.revokeObjectURL(player);
  player = URL.createObjectURL(file);
  element("player").src = player;
  show("watch", scored);
  hideWindows(element("watch"));
  if (several || answer.windows.some((window) => window.faces.length)) {
    const duration = answer.duration_s || answer.windows.at(-1).end_s;
    showWindows(element("watch"), element("player"), { ...answer, duration, played: { start: 0, end: duration } });
  }
};

const showError = (words) => {
  say("verdict", "No answer");
  element("verdict").className = "fail";
  say("words", words);
  for (const id of ["numbers", "cautions", "timeline-figure", "watch"]) show(id, false);
};

const end = (how, ...what) => {
  current = null;
  how?.(...what);
  show("progress", false);
  show("result", Boolean(how));
};

const endJob = (job) => {
  // Also while the page is being left.
  if (job) fetch(job, { method: "DELETE", keepalive: true }).catch(() => {});
};

const cancel = (words) => {
  if (!current) return;
  // The service stops working when the connection ends, or the job is.
  current.request.abort();
  endJob(current.job);
  note(`${current.name} ${words}`);
  end();
};

// Asks a job how far it is until it has ended.
const follow = async (mine, file) => {
  let unreachable = 0;
  while (current === mine) {
    const response = await fetch(mine.job).catch(() => null);
    const job = await response?.json().catch(() => null);
    if (current !== mine) return;
    unreachable = job ? 0 : unreachable + 1;
    if (job?.answer) {
      endJob(mine.job);
      end(showAnswer, job.answer, file);
    } else if (job?.failure || job?.error || unreachable > GIVE_UP_AFTER) {
      end(showError, sentence(job?.failure || job?.error || "the service cannot be reached"));
    } else if (!job) {
      await new Promise((resolve) => { setTimeout(resolve, ASK_AGAIN_MS); });
    } else {
      const far = job.of_seconds ? `: ${clock(job.seconds)} of ${clock(job.of_seconds)}` : "";
      say("stage", `Looking at ${mine.name}${far}`);
      if (job.of_seconds) element("bar").value = (100 * job.seconds) / job.of_seconds;
      await new Promise((resolve) => { setTimeout(resolve, ASK_AGAIN_MS); });
    }
  }
};

const upload = (file) => {
  show("result", false);
  const most = Number(element("form").dataset.mostBytes);
  if (file.size > most) {
    end(showError, `${file.name} is larger than ${Math.floor(most / 1048576)} MiB.`);
    return;
  }
  const form = new FormData();
  form.append(element("file").name, file);
  const request = new XMLHttpRequest();
  const listen = (target, kind, heard) => {
    target.addEventListener(kind, (event) => { if (current?.request === request) heard(event); });
  };
  request.open("POST", "score");
  request.responseType = "json";
  listen(request.upload, "progress", (event) => {
    say("stage", `${event.loaded < event.total ? "Uploading" : "Looking at"} ${file.name}`);
    if (event.loaded < event.total) element("bar").value = (100 * event.loaded) / event.total;
    else element("bar").removeAttribute("value");
  });
  listen(request, "load", () => {
    const answer = request.response;
    if (answer?.verdict) end(showAnswer, answer, file);
    else if (request.status === 202) {
      current.job = `jobs/${answer.id}`;
      follow(current, file);
    }
    else end(showError, sentence(answer?.error ?? `the service answered ${request.status}`));
  });
  listen(request, "error", () => end(showError, "The service cannot be reached, or it broke the upload off."));
  say("stage", `Uploading ${file.name}`);
  element("bar").removeAttribute("value");
  show("progress", true);
  current = { request, name: file.name };
  request.send(form);
};

const take = (files) => {
  const [first, ...others] = files;
  if (!first) {
    note("That is no file.");
    return;
  }
  note("");
  cancel(`was given up for ${first.name}.`);
  if (others.length) note(`One video at a time: left out ${others.map((file) => file.name).join(", ")}.`);
  upload(first);
};

window.addEventListener("pagehide", () => endJob(current?.job));
element("cancel").addEventListener("click", () => cancel("was cancelled."));
element("file").addEventListener("change", (event) => {
  if (event.target.files.length) take(event.target.files);
});
// Lets the same file be chosen again.
element("file").addEventListener("click", (event) => { event.target.value = ""; });
// Anywhere on the page: next to the box, the browser would navigate to the dropped file.
for (const [kind, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    document.querySelector(".drop").classList.toggle("over", over);
    if (kind === "drop") take(event.dataTransfer.files);
  });
}
