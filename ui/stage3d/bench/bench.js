// Draws the same machine with the stage and with three.js in turns, and posts how long a frame took each.
import * as three from "./peer/three.module.js";

const PARTS = 10_000;
const WIDTH = 1280;
const HEIGHT = 720;
const ROUNDS = 5;
const FRAMES = 12;
/** Meshes that parts share, as bolts and washers do. */
const MESHES = 100;
/** Parts in a row, and metres between them. */
const SIDE = 100;
const STEP = 0.1;

/** A flat-shaded prism: with 7 sides 24 triangles, with 8 sides 28. */
function prism(sides, radius, height) {
  const positions = [];
  const normals = [];
  const indices = [];
  const ring = (k, y) => [radius * Math.cos((2 * Math.PI * k) / sides), y, radius * Math.sin((2 * Math.PI * k) / sides)];
  const corner = (position, normal) => {
    positions.push(...position);
    normals.push(...normal);
    return positions.length / 3 - 1;
  };
  for (let k = 0; k < sides; k++) {
    const middle = (2 * Math.PI * (k + 0.5)) / sides;
    const out = [Math.cos(middle), 0, Math.sin(middle)];
    const [a, b, c, d] = [[k, 0], [k + 1, 0], [k + 1, height], [k, height]].map(([at, y]) => corner(ring(at, y), out));
    indices.push(a, c, b, a, d, c);
  }
  for (const [y, up] of [[height, 1], [0, -1]]) {
    const rim = Array.from({ length: sides }, (_, k) => corner(ring(k, y), [0, up, 0]));
    for (let k = 1; k + 1 < sides; k++) {
      indices.push(rim[0], ...(up > 0 ? [rim[k + 1], rim[k]] : [rim[k], rim[k + 1]]));
    }
  }
  return { positions: new Float32Array(positions), normals: new Float32Array(normals), indices: new Uint16Array(indices) };
}

/** Every fourth has 28 triangles and the others 24: 25 on average. */
const meshes = Array.from({ length: MESHES }, (_, k) => prism(k % 4 === 0 ? 8 : 7, 0.02 + (k % 5) * 0.004, 0.02 + (k % 9) * 0.006));
const colors = [[0.55, 0.57, 0.6], [0.1, 0.3, 0.6], [0.8, 0.5, 0.1], [0.2, 0.2, 0.22]];
const parts = Array.from({ length: PARTS }, (_, k) => ({
  mesh: (k * 37) % MESHES,
  at: [((k % SIDE) - SIDE / 2) * STEP, 0, (Math.floor(k / SIDE) - SIDE / 2) * STEP],
}));
const triangles = parts.reduce((sum, part) => sum + meshes[part.mesh].indices.length / 3, 0);

/** The machine as a GLB file. */
function glb() {
  const pieces = [];
  let length = 0;
  const views = [];
  const accessors = [];
  const put = (array, type, componentType, more) => {
    views.push({ buffer: 0, byteOffset: length, byteLength: array.byteLength });
    pieces.push([length, new Uint8Array(array.buffer)]);
    length += Math.ceil(array.byteLength / 4) * 4;
    const per = { SCALAR: 1, VEC3: 3 }[type];
    accessors.push({ bufferView: views.length - 1, componentType, count: array.length / per, type, ...more });
    return accessors.length - 1;
  };
  const extent = (array, pick) =>
    [0, 1, 2].map((axis) => array.filter((_, at) => at % 3 === axis).reduce((a, b) => pick(a, b)));
  const told = meshes.map((mesh, k) => ({
    primitives: [{
      attributes: {
        POSITION: put(mesh.positions, "VEC3", 5126, { min: extent(mesh.positions, Math.min), max: extent(mesh.positions, Math.max) }),
        NORMAL: put(mesh.normals, "VEC3", 5126),
      },
      indices: put(mesh.indices, "SCALAR", 5123),
      material: k % colors.length,
    }],
  }));
  const json = {
    asset: { version: "2.0" },
    scene: 0,
    scenes: [{ nodes: parts.map((_, k) => k) }],
    nodes: parts.map((part, k) => ({ name: `part ${k}`, mesh: part.mesh, translation: part.at })),
    meshes: told,
    materials: colors.map((color) => ({ pbrMetallicRoughness: { baseColorFactor: [...color, 1], metallicFactor: 0, roughnessFactor: 0.7 } })),
    buffers: [{ byteLength: length }],
    bufferViews: views,
    accessors,
  };
  let text = new TextEncoder().encode(JSON.stringify(json));
  text = new Uint8Array([...text, ...new Array((4 - (text.length % 4)) % 4).fill(32)]);
  const file = new Uint8Array(12 + 8 + text.length + 8 + length);
  const words = new DataView(file.buffer);
  [0x46546c67, 2, file.length, text.length, 0x4e4f534a].forEach((word, at) => words.setUint32(at * 4, word, true));
  file.set(text, 20);
  words.setUint32(20 + text.length, length, true);
  words.setUint32(24 + text.length, 0x004e4942, true);
  for (const [at, bytes] of pieces) file.set(bytes, 28 + text.length + at);
  return file;
}

function canvas() {
  const made = document.createElement("canvas");
  Object.assign(made, { width: WIDTH, height: HEIGHT });
  document.body.append(made);
  return made;
}

/** Waits until the canvas holds the frame. */
function finish(gl) {
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
}

const eye = (turn) => ({ azimuth: 0.3 + turn * 0.02, elevation: 0.7, distance: 14, view: 0.6 });

async function ours() {
  const module = await import("./stage3d.js");
  await module.default({ module_or_path: "stage3d_bg.wasm" });
  const on = canvas();
  const stage = await module.Stage.open(on);
  const started = performance.now();
  const told = JSON.parse(stage.load(glb(), "[]"));
  const loadMs = performance.now() - started;
  if (told.triangles !== triangles || told.parts.length !== PARTS) throw new Error(`${told.triangles} triangles of ${told.parts.length} parts`);
  const gl = on.getContext("webgl2");
  let told_of_frame = "";
  const draw = (turn) => {
    const { azimuth, elevation, distance, view } = eye(turn);
    const orbit = { target_m: [0, 0, 0], distance_m: distance, azimuth_rad: azimuth, elevation_rad: elevation, vertical_view_rad: view };
    const camera = stage.orbit(JSON.stringify(orbit), WIDTH, HEIGHT);
    told_of_frame = stage.draw(`{"width_px":${WIDTH},"height_px":${HEIGHT},"camera":${camera}}`);
  };
  return { name: "stage", draw, finish: () => finish(gl), loadMs, draws: () => JSON.parse(told_of_frame).draws, adapter: stage.adapter() };
}

function peer(name, Material) {
  const on = canvas();
  const renderer = new three.WebGLRenderer({ canvas: on, antialias: true });
  renderer.setSize(WIDTH, HEIGHT, false);
  const started = performance.now();
  const scene = new three.Scene();
  scene.background = new three.Color(0xe4e8ea);
  scene.add(new three.HemisphereLight(0xffffff, 0x888888, 1.5));
  const sun = new three.DirectionalLight(0xffffff, 2);
  sun.position.set(1, 2, 1);
  scene.add(sun);
  const materials = colors.map((color) => new Material({ color: new three.Color(...color) }));
  const shapes = meshes.map((mesh) => {
    const shape = new three.BufferGeometry();
    shape.setAttribute("position", new three.BufferAttribute(mesh.positions, 3));
    shape.setAttribute("normal", new three.BufferAttribute(mesh.normals, 3));
    shape.setIndex(new three.BufferAttribute(mesh.indices, 1));
    return shape;
  });
  for (const part of parts) {
    const mesh = new three.Mesh(shapes[part.mesh], materials[part.mesh % colors.length]);
    mesh.position.set(...part.at);
    // As a careful application has it: what rests is not placed anew for each frame.
    mesh.matrixAutoUpdate = false;
    mesh.updateMatrix();
    scene.add(mesh);
  }
  const camera = new three.PerspectiveCamera();
  const draw = (turn) => {
    const { azimuth, elevation, distance, view } = eye(turn);
    camera.fov = (view * 180) / Math.PI;
    camera.aspect = WIDTH / HEIGHT;
    camera.near = distance * 0.02;
    camera.far = distance * 10 + 1;
    camera.updateProjectionMatrix();
    camera.position.set(Math.sin(azimuth) * Math.cos(elevation), Math.sin(elevation), Math.cos(azimuth) * Math.cos(elevation)).multiplyScalar(distance);
    camera.lookAt(0, 0, 0);
    renderer.render(scene, camera);
  };
  const gl = renderer.getContext();
  const loadMs = performance.now() - started;
  return { name, draw, finish: () => finish(gl), loadMs, draws: () => renderer.info.render.calls };
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const post = (value) => fetch("result", { method: "POST", body: JSON.stringify(value) });

try {
  const sides = [await ours(), peer("three.js, Lambert", three.MeshLambertMaterial), peer("three.js, standard", three.MeshStandardMaterial)];
  for (const side of sides) Object.assign(side, { whole: [], cpu: [] });
  let turn = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    for (const side of sides) {
      for (let k = 0; k < FRAMES; k++) {
        const started = performance.now();
        side.draw(++turn);
        const told = performance.now();
        side.finish();
        // The first round compiles shaders.
        if (round > 0) {
          side.cpu.push(told - started);
          side.whole.push(performance.now() - started);
        }
      }
      await new Promise((resume) => setTimeout(resume, 0));
    }
  }
  await post({
    parts: PARTS, triangles, width: WIDTH, height: HEIGHT, adapter: sides[0].adapter, three: three.REVISION,
    sides: sides.map((side) => ({ name: side.name, frame_ms: median(side.whole), call_ms: median(side.cpu), draws: side.draws(), load_ms: side.loadMs })),
  });
} catch (error) {
  await post({ error: String((error && error.stack) || error) });
}
