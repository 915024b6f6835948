// Only here to own the precompiled header of the test programs.
