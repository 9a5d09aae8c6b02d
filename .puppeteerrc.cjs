// The browser is found on the system (scripts/chrome.mjs), never downloaded.
module.exports = { skipDownload: true };
