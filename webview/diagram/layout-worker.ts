// The layout's own thread: elkjs answers the messages of its API (layout.ts). Its code is inside, nothing is loaded.
import "elkjs/lib/elk-worker.min.js";
