// Style sheets are gathered into dist/webview/main.css by the bundler.
declare module "*.css";
