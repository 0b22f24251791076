// A Worker that keeps Go's timers. It says that it is there, then ticks as often
// as it was last told to.
let timer;
onmessage = ({ data }) => {
  clearInterval(timer);
  if (data) timer = setInterval(() => postMessage(0), data);
};
postMessage(0);
