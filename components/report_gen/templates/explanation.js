const windowsOfVideo = document.getElementById("windows-data");
if (windowsOfVideo) {
  const section = document.getElementById("video");
  showWindows(section, section.querySelector("video"), JSON.parse(windowsOfVideo.textContent));
}
