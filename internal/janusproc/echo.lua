-- What janus.plugin.lua answers in a Janus started by janusproc: the message
-- itself, in the reply, in an event, or not at all.

function init(config) end
function destroy() end
function resumeScheduler() end
function createSession(id) end
function destroySession(id) end
function querySession(id) return "{}" end
function setupMedia(id) end
function hangupMedia(id) end

function handleMessage(id, tr, msg, jsep)
  if string.find(msg, '"reply"%s*:%s*"error"') then
    return -1, "as asked"
  elseif string.find(msg, '"reply"%s*:%s*"event"') then
    pushEvent(id, tr, msg, nil)
    return 1, nil
  end
  return 0, msg
end
