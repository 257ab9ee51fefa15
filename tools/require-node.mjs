// Plain JavaScript that any Node understands: it is what an old one meets first.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Jeroboam needs Node 24 or newer; this is ${process.versions.node}. \`npm ci\` brings one along for ` +
      'Linux and macOS on x64 and arm64 (unless optional dependencies are left out): run it, then use `npm start`.',
  );
  process.exit(1);
}
