// The camera: a live picture, single shots, and frames as small JPEG files.

import { element } from "./elements.js";

const SIDE = 256;

/** The square in the middle of a picture: `[left, top, side]`. */
export function middle(width, height) {
  const side = Math.min(width, height);
  return [(width - side) / 2, (height - side) / 2, side];
}

/** One sentence for what a browser says when there is no picture. */
export function cameraProblem(error, secure) {
  if (!secure) return "A camera needs https or localhost. Open the explorer at localhost, or upload photos instead.";
  const said = {
    NotAllowedError: "The camera was not allowed. Allow it in the address bar of the browser and try again.",
    NotFoundError: "No camera was found. Upload photos instead.",
    NotReadableError: "The camera is in use by another program. Close that one and try again.",
  };
  return said[error?.name] ?? "The camera does not answer. Upload photos instead.";
}

/** Build the view of a camera; `start()` asks for it, `frame()` gives a JPEG as base64 or null. */
export function camera() {
  const video = element("video", { class: "camera", playsinline: true, muted: true, "aria-label": "Picture of the camera" });
  video.muted = true;
  const problem = element("p", { class: "refused", role: "alert", hidden: true });
  const root = element("div", { class: "camera-box" }, video, problem);
  const sheet = element("canvas", { width: SIDE, height: SIDE });
  let stream = null;
  let wanted = false;

  function stop() {
    wanted = false;
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
  }
  return {
    root,
    stop,
    get on() { return stream !== null; },
    async start() {
      if (stream || wanted) return;
      wanted = true;
      problem.hidden = true;
      try {
        const found = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480, facingMode: "environment" } });
        if (!wanted) {
          found.getTracks().forEach((track) => track.stop());
          return;
        }
        stream = found;
        video.srcObject = found;
        await video.play();
      } catch (error) {
        stop();
        problem.textContent = cameraProblem(error, Boolean(navigator.mediaDevices));
        problem.hidden = false;
      }
    },
    frame() {
      if (!stream || !video.videoWidth) return null;
      const [left, top, side] = middle(video.videoWidth, video.videoHeight);
      sheet.getContext("2d").drawImage(video, left, top, side, side, 0, 0, SIDE, SIDE);
      return sheet.toDataURL("image/jpeg", 0.85).split(",")[1];
    },
  };
}
