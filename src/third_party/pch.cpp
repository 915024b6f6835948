// Only here to own the precompiled header that the coroutine folders share.
