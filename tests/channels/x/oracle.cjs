// Counts texts as X's own library does: a JSON list of texts in, a JSON list of weighted lengths out.
const { parseTweet } = require("twitter-text");
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map((text) => parseTweet(text).weightedLength)));
