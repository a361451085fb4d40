/// <reference types="svelte" />
/// <reference types="vite/client" />

/** Whether the mock world and the HTTP bridge are part of this build. */
declare const __TEST_BRIDGES__: boolean;
