"use strict";

// Sorting: each header becomes a button and carries aria-sort.
const cellKey = (row, column) => {
  const cell = row.cells[column];
  const text = cell.dataset.value ?? cell.textContent.trim();
  const number = Number.parseFloat(text);
  return Number.isNaN(number) ? text.toLowerCase() : number;
};

const compareKeys = (one, other) => {
  if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
  return typeof one === "number" ? one - other : one.localeCompare(other);
};

const sortBy = (table, header) => {
  const ascending = header.getAttribute("aria-sort") !== "ascending";
  for (const other of header.parentElement.cells) other.setAttribute("aria-sort", "none");
  header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  const body = table.tBodies[0];
  const keyed = [...body.rows].map((row) => [cellKey(row, header.cellIndex), row]);
  keyed.sort(([one], [other]) => (ascending ? 1 : -1) * compareKeys(one, other));
  body.append(...keyed.map(([, row]) => row));
};

for (const table of document.querySelectorAll("table.sortable")) {
  for (const header of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    header.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => sortBy(table, header));
  }
}

// Collapsed sections are printed, too.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});

// Clicking a frame of a filmstrip seeks the video to it.
for (const button of document.querySelectorAll("button[data-seconds]")) {
  button.addEventListener("click", () => {
    const video = document.querySelector("video");
    video.pause();
    video.currentTime = Number.parseFloat(button.dataset.seconds);
    video.scrollIntoView({ block: "nearest" });
  });
}

const explore = (scores) => {
  const element = (id) => document.getElementById(id);
  const show = (id, text) => { element(id).textContent = text; };
  const percent = (count, all) => (all ? `${((100 * count) / all).toFixed(1)}%` : "undefined");
  const slider = element("threshold-input");
  let threshold = scores.threshold;

  // Counts the values, sorted ascending, that are at or above a probability.
  const atOrAbove = (values, probability) => {
    let low = 0;
    let high = values.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle] < probability * scores.scale - 1e-6) low = middle + 1;
      else high = middle;
    }
    return values.length - low;
  };

  const band = () => {
    const ratio = Math.max(1, Number.parseFloat(element("odds-ratio").value) || 1);
    if (ratio === 1 || threshold <= 0 || threshold >= 1) return null;
    const odds = threshold / (1 - threshold);
    return [odds / ratio / (1 + odds / ratio), (odds * ratio) / (1 + odds * ratio)];
  };

  const inconclusive = (between) => {
    if (!between) return 0;
    const beyond = between[1] + 1 / scores.scale;
    return [scores.real, scores.fake].reduce(
      (sum, values) => sum + atOrAbove(values, between[0]) - atOrAbove(values, beyond), 0);
  };

  const place = (svg, x, y) => {
    const { left, right, top, bottom } = svg.dataset;
    return [Number(left) + x * (right - left), Number(bottom) - y * (bottom - top)];
  };

  const moveRing = (name, x, y) => {
    const ring = document.querySelector(`svg[data-plot="${name}"] .here`);
    if (!ring || Number.isNaN(x) || Number.isNaN(y)) return;
    const [across, down] = place(ring.ownerSVGElement, x, y);
    ring.setAttribute("cx", across);
    ring.setAttribute("cy", down);
  };

  const moveLine = (between) => {
    const svg = document.querySelector('svg[data-plot="scores"]');
    const across = place(svg, threshold, 0)[0];
    svg.querySelector(".threshold").setAttribute(
      "points", `${across},${svg.dataset.bottom} ${across},${svg.dataset.top}`);
    const shade = svg.querySelector(".band");
    if (!shade) return;
    const [low, high] = (between ?? [threshold, threshold]).map((value) => place(svg, value, 0)[0]);
    shade.setAttribute("x", low);
    shade.setAttribute("width", high - low);
  };

  const update = () => {
    const fakes = scores.fake.length;
    const reals = scores.real.length;
    const truePositives = atOrAbove(scores.fake, threshold);
    const falsePositives = atOrAbove(scores.real, threshold);
    const between = band();
    const falseAlarmCost = Number.parseFloat(element("false-alarm-cost").value) || 0;
    const missCost = Number.parseFloat(element("miss-cost").value) || 0;
    show("threshold-value", threshold.toFixed(3));
    show("true-positives", truePositives);
    show("false-negatives", fakes - truePositives);
    show("false-positives", falsePositives);
    show("true-negatives", reals - falsePositives);
    show("recall", percent(truePositives, fakes));
    show("false-positive-rate", percent(falsePositives, reals));
    show("precision", percent(truePositives, truePositives + falsePositives));
    show("accuracy", percent(truePositives + reals - falsePositives, fakes + reals));
    show("inconclusive", percent(inconclusive(between), fakes + reals));
    show("cost", (falseAlarmCost * falsePositives + missCost * (fakes - truePositives)).toFixed(1));
    const costs = falseAlarmCost + missCost;
    show("cost-threshold", costs ? (falseAlarmCost / costs).toFixed(3) : "undefined");
    show("explorer-status", `${truePositives} of ${fakes} fakes found, ${falsePositives} of ${reals} real videos called fake`);
    slider.setAttribute("aria-valuetext", threshold.toFixed(3));
    moveRing("roc", falsePositives / reals, truePositives / fakes);
    moveRing("precision-recall", truePositives / fakes, truePositives / (truePositives + falsePositives));
    moveLine(between);
  };

  slider.addEventListener("input", () => { threshold = Number(slider.value); update(); });
  for (const id of ["false-alarm-cost", "miss-cost", "odds-ratio"]) element(id).addEventListener("input", update);
  element("threshold-reset").addEventListener("click", () => {
    threshold = scores.threshold;
    slider.value = threshold;
    update();
  });
};

const scores = document.getElementById("scores");
if (scores) explore(JSON.parse(scores.textContent));
