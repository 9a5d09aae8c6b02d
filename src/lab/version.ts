/** The engine's version, as run records and checkpoints name it; a test holds it to package.json. */
export const ENGINE_VERSION = '0.1.0';
