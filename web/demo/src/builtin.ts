import type { Bifrons, Resolution, Source } from "bifrons";

/** The clock is drawn as if it were this high. */
const high = 360;

/** A clock for those who have no camera, drawn 25 times a second. */
export async function clock(bifrons: Bifrons, size: Resolution): Promise<Source> {
  const canvas = Object.assign(document.createElement("canvas"), size);
  const context = canvas.getContext("2d")!;
  draw(context, new Date());
  const timer = setInterval(() => draw(context, new Date()), 40);
  const { sources } = await bifrons.capture(canvas);
  const source = sources[0]!;
  void source.closed.then(() => clearInterval(timer));
  return source;
}

function draw(context: CanvasRenderingContext2D, now: Date): void {
  const { canvas } = context;
  const scale = canvas.height / high;
  const width = canvas.width / scale;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const ms = now.getMilliseconds();
  const seconds = now.getSeconds() + ms / 1000;
  for (const [x, color] of [[0, "#8a3f07"], [width / 2, "#1a4c9e"]] as const) {
    context.fillStyle = color;
    context.fillRect(x, 0, width / 2, high);
  }
  context.save();
  context.translate(width / 2, high / 2 - 28);
  context.strokeStyle = "#fff";
  context.lineCap = "round";
  for (let i = 0; i < 60; i++) {
    context.globalAlpha = i <= seconds ? 1 : 0.3;
    context.lineWidth = i % 5 === 0 ? 6 : 3;
    line(context, i / 60, i % 5 === 0 ? 100 : 106, 116);
  }
  context.globalAlpha = 1;
  context.lineWidth = 5;
  line(context, seconds / 60, -14, 90);
  context.restore();
  context.fillStyle = "#fff";
  context.textAlign = "center";
  context.font = "600 40px ui-monospace, Menlo, Consolas, monospace";
  const two = (n: number) => String(n).padStart(2, "0");
  const text = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(":");
  context.fillText(`${text}.${Math.floor(ms / 100)}`, width / 2, high - 36);
  context.fillRect(0, high - 10, (width * ms) / 1000, 10);
}

/** Draws a line outwards from the centre, at a part of the circle. */
function line(context: CanvasRenderingContext2D, turn: number, from: number, to: number): void {
  const angle = (turn - 0.25) * 2 * Math.PI;
  context.beginPath();
  context.moveTo(from * Math.cos(angle), from * Math.sin(angle));
  context.lineTo(to * Math.cos(angle), to * Math.sin(angle));
  context.stroke();
}

/** A soft tone of 440 Hz that comes and goes each second, for those who have no microphone. */
export async function tone(bifrons: Bifrons): Promise<Source> {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const volume = new GainNode(context, { gain: 0.15 });
  const swing = new GainNode(context, { gain: 0.15 });
  const sound = new OscillatorNode(context, { frequency: 440 });
  const beat = new OscillatorNode(context, { frequency: 1 });
  sound.connect(volume).connect(out);
  beat.connect(swing).connect(volume.gain);
  sound.start();
  beat.start();
  const source = await bifrons.external(out.stream.getAudioTracks()[0]!);
  void source.closed.then(() => context.close());
  return source;
}
