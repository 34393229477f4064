/** Imported as files: what comes out is the path, in the source tree or in the binary. */
declare module 'jquery/dist/jquery.min.js' {
  const path: string;
  export default path;
}
declare module 'node-forge/dist/forge.min.js' {
  const path: string;
  export default path;
}
