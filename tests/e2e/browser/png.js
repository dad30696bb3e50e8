// Makes a screenshot small enough to be committed: few colours, of which a page of text has hardly more.
// PNG: <https://www.w3.org/TR/png-3/>; Chromium writes 8 bits a channel, not interlaced.
"use strict";

const zlib = require("node:zlib");

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS = 64;

function chunks(png) {
  const found = [];
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    found.push({ type: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return found;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(zlib.crc32(body), body.length + 4);
  return framed;
}

// Each row says how it was made from its neighbours; this takes that back.
function unfiltered(raw, rows, width, channels) {
  const stride = width * channels;
  const out = Buffer.alloc(rows * stride);
  for (let y = 0; y < rows; y += 1) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const left = x >= channels ? out[y * stride + x - channels] : 0;
      const up = y > 0 ? out[(y - 1) * stride + x] : 0;
      const corner = x >= channels && y > 0 ? out[(y - 1) * stride + x - channels] : 0;
      const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      const guess = [0, left, up, (left + up) >> 1, paeth][filter];
      out[y * stride + x] = raw[y * (stride + 1) + 1 + x] + guess;
    }
  }
  return out;
}

// The most frequent colours stay; each other becomes the one that is nearest.
function palette(pixels, channels) {
  const counts = new Map();
  for (let at = 0; at < pixels.length; at += channels) {
    const colour = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const colours = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  const kept = colours.slice(0, COLOURS);
  const far = (a, b) => ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;
  const index = new Map(kept.map((colour, n) => [colour, n]));
  for (const colour of colours.slice(COLOURS)) {
    index.set(colour, kept.reduce((best, other, n) => (far(colour, other) < far(colour, kept[best]) ? n : best), 0));
  }
  return { kept, index };
}

function small(png) {
  const parts = chunks(png);
  const head = parts[0].data;
  const width = head.readUInt32BE(0);
  const rows = head.readUInt32BE(4);
  const channels = head[9] === 6 ? 4 : 3;
  const raw = zlib.inflateSync(Buffer.concat(parts.filter((one) => one.type === "IDAT").map((one) => one.data)));
  const pixels = unfiltered(raw, rows, width, channels);
  const { kept, index } = palette(pixels, channels);
  const lines = Buffer.alloc(rows * (width + 1));
  for (let n = 0; n < rows * width; n += 1) {
    const at = n * channels;
    lines[n + Math.floor(n / width) + 1] = index.get((pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2]);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(rows, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(kept.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("PLTE", colours), chunk("IDAT", zlib.deflateSync(lines, { level: 9 })),
    chunk("IEND", Buffer.alloc(0))]);
}

module.exports = { small };
